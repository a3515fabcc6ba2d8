//! Loops over floats, compiled once for plain machines and once for wide registers. Both do the same operations in the same
//! order on every number, so both give the same bits.

/// Compiles a function twice and calls the version the machine can run. A module of the function's name holds both.
macro_rules! lanes {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),*) $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "not every function needs its neighbours")]
            use super::*;

            $(#[$doc])*
            #[inline(always)]
            pub(super) fn plain($($arg: $type),*) $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2")]
            pub(super) fn wide($($arg: $type),*) {
                plain($($arg),*)
            }
        }

        $(#[$doc])*
        #[inline]
        $vis fn $name($($arg: $type),*) {
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2") {
                // SAFETY: the machine has just said that it has the instructions.
                #[allow(unsafe_code)]
                return unsafe { $name::wide($($arg),*) };
            }
            $name::plain($($arg),*)
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

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    /// Numbers of all sizes, with some that are large, tiny, or no numbers.
    fn numbers(n: usize, seed: u64) -> Vec<f32> {
        let mut bits = seed | 1;
        let mut next = || {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            bits
        };
        let odd = [f32::NAN, f32::INFINITY, -1e30, 1e-40, 0.0, -0.0];
        (0..n)
            .map(|_| match next() % 50 {
                k @ 0..6 => odd[k as usize],
                _ => (next() >> 40) as f32 / 262_144.0 - 32.0,
            })
            .collect()
    }

    fn bits(x: &[f32]) -> Vec<u32> {
        // What is not a number has no one pattern of bits.
        x.iter().map(|v| if v.is_nan() { u32::MAX } else { v.to_bits() }).collect()
    }

    /// With the sums of [`crate::Matrix`] these are all the network does with numbers: so all machines read a text alike.
    #[test]
    #[allow(unsafe_code)]
    fn wide_registers_give_the_bits_of_plain_ones() {
        if !is_x86_feature_detected!("avx2") {
            return;
        }
        for seed in 1..20u64 {
            let n = seed as usize;
            let x = numbers(n * 64, seed * 977);
            let (mut a, mut b) = (Vec::new(), Vec::new());
            steps::plain(&x, &mut a);
            // SAFETY: the machine has the instructions, here and below.
            unsafe { steps::wide(&x, &mut b) };
            assert_eq!(a, b);

            let bytes: Vec<u8> = a.iter().map(|v| *v as u8).collect();
            let (mut a, mut b) = (x.clone(), x.clone());
            add_scaled::plain(&bytes, 0.013, &mut a);
            unsafe { add_scaled::wide(&bytes, 0.013, &mut b) };
            assert_eq!(bits(&a), bits(&b));

            let (mut a, mut b) = (vec![0.0; n], vec![0.0; n]);
            products::plain(&x[..64], &x, &mut a);
            unsafe { products::wide(&x[..64], &x, &mut b) };
            assert_eq!(bits(&a), bits(&b));

            let gates = numbers(n * 3 * 64, seed);
            let (mut a, mut b) = (x.clone(), x.clone());
            scan::plain(&gates, &mut a, 32);
            unsafe { scan::wide(&gates, &mut b, 32) };
            assert_eq!(bits(&a), bits(&b));
        }
    }
}
