//! Loops over floats, compiled for plain machines, for wide registers and for wider ones. All do the same operations in the same
//! order on every number, so all give the same bits.

/// The registers of this machine.
#[cfg(target_arch = "x86_64")]
enum Width {
    Plain,
    Wide,
    Widest,
}

#[cfg(target_arch = "x86_64")]
#[inline]
fn width() -> Width {
    let widest = is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512f");
    match widest {
        true => Width::Widest,
        false if is_x86_feature_detected!("avx2") => Width::Wide,
        false => Width::Plain,
    }
}

/// Compiles a function three times and calls the version the machine can run. A module of the function's name holds them.
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

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
            pub(super) fn widest($($arg: $type),*) {
                plain($($arg),*)
            }
        }

        $(#[$doc])*
        #[inline]
        $vis fn $name($($arg: $type),*) {
            #[cfg(target_arch = "x86_64")]
            match width() {
                // SAFETY: the machine has said that it has the instructions.
                #[allow(unsafe_code)]
                Width::Widest => return unsafe { $name::widest($($arg),*) },
                // SAFETY: as above.
                #[allow(unsafe_code)]
                Width::Wide => return unsafe { $name::wide($($arg),*) },
                Width::Plain => {}
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
    /// Adds rows of `out.len()` small numbers to `out`, one after the other, each times its scale, a float that stands before its
    /// numbers. `rows` holds where in `bytes` each begins.
    pub(crate) fn add_rows(bytes: &[u8], rows: &[usize], out: &mut [f32]) {
        const WIDTH: usize = 32;
        let size = out.len();
        let row = |at: usize| bytes.get(at..).and_then(|row| row.get(..4 + size)).and_then(|row| row.split_first_chunk::<4>());
        let (blocks, rest) = out.as_chunks_mut::<WIDTH>();
        for (n, to) in blocks.iter_mut().enumerate() {
            let mut sums = *to;
            for &at in rows {
                let Some((scale, numbers)) = row(at) else { continue };
                let scale = f32::from_le_bytes(*scale);
                let Some(numbers) = numbers[n * WIDTH..].first_chunk::<WIDTH>() else { continue };
                for l in 0..WIDTH {
                    sums[l] += f32::from(numbers[l] as i8) * scale;
                }
            }
            *to = sums;
        }
        for (scale, numbers) in rows.iter().filter_map(|&at| row(at)) {
            let scale = f32::from_le_bytes(*scale);
            let numbers = &numbers[size - rest.len()..];
            rest.iter_mut().zip(numbers).for_each(|(to, from)| *to += f32::from(*from as i8) * scale);
        }
    }
}

lanes! {
    /// Adds rows of small whole numbers to `sums`. `rows` holds where in `bytes` each begins.
    pub fn add_small(bytes: &[u8], rows: &[usize], sums: &mut [i16; 32]) {
        let mut all = *sums;
        for &row in rows {
            if let Some(row) = bytes.get(row..).and_then(|row| row.first_chunk::<32>()) {
                for l in 0..32 {
                    all[l] = all[l].saturating_add(i16::from(row[l] as i8));
                }
            }
        }
        *sums = all;
    }
}

/// Puts the sum of products of `row` with each of the `rows` into `out`, in one fixed order: sixteen sums side by side, halves of
/// them added until one is left.
#[inline]
pub fn products(row: &[f32], rows: &[f32], out: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the machine has said that it has the instructions.
        #[allow(unsafe_code)]
        return unsafe { products::wide(row, rows, out) };
    }
    products::plain(row, rows, out);
}

mod products {
    pub(super) fn plain(row: &[f32], rows: &[f32], out: &mut [f32]) {
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

    /// The same, written out: compilers make single numbers of the halving. The sums of four rows are halved together.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    pub(super) fn wide(row: &[f32], rows: &[f32], out: &mut [f32]) {
        use std::arch::x86_64::*;
        let len = row.len().max(1);
        let row = row.as_chunks::<16>().0;
        let four = |other: &[f32]| -> __m128 {
            let (mut low, mut high) = (_mm256_setzero_ps(), _mm256_setzero_ps());
            for (p, q) in row.iter().zip(other.as_chunks::<16>().0) {
                low = _mm256_add_ps(low, _mm256_mul_ps(first(p), first(q)));
                high = _mm256_add_ps(high, _mm256_mul_ps(second(p), second(q)));
            }
            let eight = _mm256_add_ps(low, high);
            _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps::<1>(eight))
        };
        let whole = out.len().min(rows.len() / len) / 4;
        for (to, others) in out.as_chunks_mut::<4>().0.iter_mut().zip(rows.chunks_exact(4 * len)) {
            let [a, b, c, d] = std::array::from_fn(|n| four(&others[n * len..][..len]));
            // Columns: the first of each of the four, the second …
            let (ab, cd) = (_mm_unpacklo_ps(a, b), _mm_unpacklo_ps(c, d));
            let (ab2, cd2) = (_mm_unpackhi_ps(a, b), _mm_unpackhi_ps(c, d));
            let (c0, c1) = (_mm_movelh_ps(ab, cd), _mm_movehl_ps(cd, ab));
            let (c2, c3) = (_mm_movelh_ps(ab2, cd2), _mm_movehl_ps(cd2, ab2));
            let sums = _mm_add_ps(_mm_add_ps(c0, c2), _mm_add_ps(c1, c3));
            // SAFETY: four floats, the length of the array.
            #[allow(unsafe_code)]
            unsafe {
                _mm_storeu_ps(to.as_mut_ptr(), sums);
            }
        }
        for (to, other) in out[whole * 4..].iter_mut().zip(rows[whole * 4 * len..].chunks_exact(len)) {
            let a = four(other);
            let two = _mm_add_ps(a, _mm_movehl_ps(a, a));
            *to = _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps::<1>(two, two)));
        }
    }

    /// The first eight of sixteen.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn first(p: &[f32; 16]) -> std::arch::x86_64::__m256 {
        // SAFETY: eight floats of the sixteen.
        #[allow(unsafe_code)]
        unsafe {
            std::arch::x86_64::_mm256_loadu_ps(p.as_ptr())
        }
    }

    /// The last eight of sixteen.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn second(p: &[f32; 16]) -> std::arch::x86_64::__m256 {
        // SAFETY: the other eight floats of the sixteen.
        #[allow(unsafe_code)]
        unsafe {
            std::arch::x86_64::_mm256_loadu_ps(p.as_ptr().add(8))
        }
    }
}

/// Asks for the lines of memory of `bytes[at..at + len]` before they are wanted.
#[inline]
pub(crate) fn fetch(bytes: &[u8], at: usize, len: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(bytes) = bytes.get(at..).and_then(|bytes| bytes.get(..len)) {
        for line in bytes.chunks(64) {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            // SAFETY: the address is inside the slice, and to ask for it changes nothing.
            #[allow(unsafe_code)]
            unsafe {
                _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast());
            }
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
        // The version of each function to compare with the plain one, where the machine can run it.
        macro_rules! compare {
            ($version:ident) => {
                for seed in 1..20u64 {
                    let n = seed as usize;
                    let x = numbers(n * 64, seed * 977);
                    let (mut a, mut b) = (Vec::new(), Vec::new());
                    steps::plain(&x, &mut a);
                    // SAFETY: the machine has the instructions, here and below.
                    unsafe { steps::$version(&x, &mut b) };
                    assert_eq!(a, b);

                    // Rows of 52 numbers: a block and a rest; the last is not there.
                    let bytes: Vec<u8> = a.iter().flat_map(|v| v.to_le_bytes()).collect();
                    let rows: Vec<usize> = (0..n * 128 / 56 + 1).map(|row| row * 56).collect();
                    let (mut a, mut b) = (x[..52].to_vec(), x[..52].to_vec());
                    add_rows::plain(&bytes, &rows, &mut a);
                    unsafe { add_rows::$version(&bytes, &rows, &mut b) };
                    assert_eq!(bits(&a), bits(&b));

                    let (mut a, mut b) = ([n as i16; 32], [n as i16; 32]);
                    add_small::plain(&bytes, &rows, &mut a);
                    unsafe { add_small::$version(&bytes, &rows, &mut b) };
                    assert_eq!(a, b);

                    let gates = numbers(n * 3 * 64, seed);
                    let (mut a, mut b) = (x.clone(), x.clone());
                    scan::plain(&gates, &mut a, 32);
                    unsafe { scan::$version(&gates, &mut b, 32) };
                    assert_eq!(bits(&a), bits(&b));
                }
            };
        }
        if is_x86_feature_detected!("avx2") {
            for n in 0..20usize {
                let x = numbers(n * 64, n as u64 + 5);
                let (mut a, mut b) = (vec![0.0; n], vec![0.0; n]);
                let row = numbers(64, n as u64 * 977);
                products::plain(&row, &x, &mut a);
                // SAFETY: the machine has the instructions.
                unsafe { products::wide(&row, &x, &mut b) };
                assert_eq!(bits(&a), bits(&b));
            }
        }
        match width() {
            Width::Widest => {
                compare!(widest);
                compare!(wide);
            }
            Width::Wide => compare!(wide),
            Width::Plain => {}
        }
    }
}
