//! Loops over floats, compiled once for plain machines and once for wide registers. Both do the same operations in the same
//! order on every number, so both give the same bits.

/// Compiles a function twice and calls the version the machine can run.
macro_rules! lanes {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),*) $body:block) => {
        $(#[$doc])*
        #[inline]
        $vis fn $name($($arg: $type),*) {
            #[inline(always)]
            fn plain($($arg: $type),*) $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn wide($($arg: $type),*) {
                    plain($($arg),*)
                }
                if is_x86_feature_detected!("avx2") {
                    // SAFETY: the machine has just said that it has the instructions.
                    #[allow(unsafe_code)]
                    return unsafe { wide($($arg),*) };
                }
            }
            plain($($arg),*)
        }
    };
}

/// Inputs are held in steps of one `STEPS`th.
pub const STEPS: f32 = 512.0;

lanes! {
    /// Puts numbers into steps of 16 bits, for [`crate::Matrix::apply`].
    #[allow(clippy::manual_clamp, reason = "what is not a number becomes the least, as a clamp would not do")]
    pub fn steps(x: &[f32], out: &mut Vec<i16>) {
        // The size first, so that the loop is one over two slices.
        out.resize(x.len(), 0);
        // Added to this number, a small one stands rounded in the last bits: quicker than a cast, which must ask for NaN.
        const ROUND: f32 = 12_582_912.0;
        for (to, from) in out.iter_mut().zip(x) {
            *to = ((from * STEPS).max(-32767.0).min(32767.0) + ROUND).to_bits() as i16;
        }
    }
}

lanes! {
    /// Adds `scale` times the small numbers to `out`.
    pub(crate) fn add_scaled(numbers: &[u8], scale: f32, out: &mut [f32]) {
        for (to, from) in out.iter_mut().zip(numbers) {
            *to += f32::from(*from as i8) * scale;
        }
    }
}

lanes! {
    /// Puts the sum of products of `row` with each of the `rows` into `out`, in one fixed order.
    pub fn products(row: &[f32], rows: &[f32], out: &mut [f32]) {
        for (to, other) in out.iter_mut().zip(rows.chunks_exact(row.len().max(1))) {
            let mut lanes = [0f32; 16];
            for (p, q) in row.as_chunks::<16>().0.iter().zip(other.as_chunks::<16>().0) {
                for l in 0..16 {
                    lanes[l] += p[l] * q[l];
                }
            }
            for l in 0..8 {
                lanes[l] += lanes[l + 8];
            }
            for l in 0..4 {
                lanes[l] += lanes[l + 4];
            }
            *to = (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
        }
    }
}

/// A smooth step from 0 to 1 that needs no exponential.
#[inline(always)]
fn gate(x: f32) -> f32 {
    0.5 + 0.5 * x / (1.0 + x.abs())
}

lanes! {
    /// The recurrences of one sentence: `c = f c' + (1 - f) z`, and to `x` is added `r c`; forward in the first half of each row,
    /// backward in the second. `gates` holds `z`, `f` and `r` of the first half, then of the second; `half` is a multiple of 16.
    pub fn scan(gates: &[f32], x: &mut [f32], half: usize) {
        const WIDTH: usize = 16;
        let d = half * 2;
        let n = x.len() / d.max(1);
        for side in 0..2 {
            for block in (0..half).step_by(WIDTH) {
                let mut c = [0f32; WIDTH];
                for t in 0..n {
                    let at = if side == 0 { t } else { n - 1 - t };
                    let row = &gates[at * 3 * d + side * 3 * half..][..3 * half];
                    let (z, f, r) = (&row[block..][..WIDTH], &row[half + block..][..WIDTH], &row[2 * half + block..][..WIDTH]);
                    let x = &mut x[at * d + side * half + block..][..WIDTH];
                    for l in 0..WIDTH {
                        c[l] = z[l] + gate(f[l]) * (c[l] - z[l]);
                        x[l] += gate(r[l]) * c[l];
                    }
                }
            }
        }
    }
}
