//! `y = W x + b` on whole numbers: weights of 8 bits, inputs of 16, sums of 32. The sums are exact, so every machine gets the
//! same result, whichever instructions it has.
//!
//! File: `inputs u32 | outputs u32`, then for each output its scale and bias (`f32`), then the weights, one row of outputs an
//! input (`i8`). Inputs are even, outputs a multiple of 16.
#![allow(clippy::needless_range_loop, reason = "loops over rows of registers read best by number")]

use crate::lanes::STEPS;

/// A matrix opened on bytes and laid out for the machine.
#[derive(Clone, Debug)]
pub struct Matrix {
    inputs: usize,
    outputs: usize,
    /// For each pair of inputs and each output, the two weights side by side.
    pairs: Vec<[i16; 2]>,
    scales: Vec<f32>,
    biases: Vec<f32>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

fn kind() -> Kind {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vnni") {
            return Kind::Avx512;
        }
        if is_x86_feature_detected!("avx2") {
            return Kind::Avx2;
        }
    }
    Kind::Portable
}

impl Matrix {
    /// The matrix at the head of `bytes`, and the bytes behind it; `None` if they are not one.
    pub fn open(bytes: &[u8]) -> Option<(Matrix, &[u8])> {
        let (head, rest) = bytes.split_first_chunk::<8>()?;
        let number = |i: usize| u32::from_le_bytes([head[i], head[i + 1], head[i + 2], head[i + 3]]) as usize;
        let (inputs, outputs) = (number(0), number(4));
        let (floats, rest) = rest.split_at_checked(outputs.checked_mul(8)?)?;
        let (weights, rest) = rest.split_at_checked(inputs.checked_mul(outputs)?)?;
        if inputs % 2 != 0 || outputs % 16 != 0 {
            return None;
        }
        let float = |c: &[u8]| f32::from_le_bytes([c[0], c[1], c[2], c[3]]);
        let scales = floats.chunks_exact(8).map(|c| float(&c[..4]) / STEPS).collect();
        let biases = floats.chunks_exact(8).map(|c| float(&c[4..])).collect();
        let mut pairs = Vec::with_capacity(inputs / 2 * outputs);
        for rows in weights.chunks_exact(outputs.max(1) * 2) {
            let (first, second) = rows.split_at(outputs);
            pairs.extend(first.iter().zip(second).map(|(&a, &b)| [i16::from(a as i8), i16::from(b as i8)]));
        }
        Some((Matrix { inputs, outputs, pairs, scales, biases, kind: kind() }, rest))
    }

    /// The file's bytes for weights (a row of outputs an input) and biases.
    pub fn write(weights: &[f32], biases: &[f32], inputs: usize, outputs: usize) -> Vec<u8> {
        let mut bytes = (inputs as u32).to_le_bytes().to_vec();
        bytes.extend((outputs as u32).to_le_bytes());
        let scales: Vec<f32> = (0..outputs)
            .map(|j| (0..inputs).map(|i| weights[i * outputs + j].abs()).fold(0.0, f32::max).max(1e-9) / 127.0)
            .collect();
        for j in 0..outputs {
            bytes.extend(scales[j].to_le_bytes());
            bytes.extend(biases[j].to_le_bytes());
        }
        for row in weights[..inputs * outputs].chunks_exact(outputs) {
            bytes.extend(row.iter().zip(&scales).map(|(w, s)| (w / s).round().clamp(-127.0, 127.0) as i8 as u8));
        }
        bytes
    }

    /// Number of inputs.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Number of outputs.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Puts the outputs for each row of inputs into `out`.
    pub fn apply(&self, x: &[i16], out: &mut Vec<f32>) {
        let n = x.len().checked_div(self.inputs).unwrap_or(0);
        out.clear();
        out.resize(n * self.outputs, 0.0);
        match self.kind {
            Kind::Portable => self.portable(x, out),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `kind` found that the machine has the instructions.
            #[allow(unsafe_code)]
            Kind::Avx2 => unsafe { self.avx2(x, out) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            #[allow(unsafe_code)]
            Kind::Avx512 => unsafe { self.avx512(x, out) },
        }
    }

    fn portable(&self, x: &[i16], out: &mut [f32]) {
        for (row, out) in x.chunks_exact(self.inputs).zip(out.chunks_exact_mut(self.outputs)) {
            for (j, out) in out.chunks_exact_mut(16).enumerate() {
                let mut sums = [0i32; 16];
                for (p, pair) in row.as_chunks::<2>().0.iter().enumerate() {
                    let weights = &self.pairs[p * self.outputs + j * 16..][..16];
                    for l in 0..16 {
                        sums[l] += i32::from(pair[0]) * i32::from(weights[l][0]) + i32::from(pair[1]) * i32::from(weights[l][1]);
                    }
                }
                for l in 0..16 {
                    out[l] = sums[l] as f32 * self.scales[j * 16 + l] + self.biases[j * 16 + l];
                }
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    #[allow(unsafe_code)]
    fn avx2(&self, x: &[i16], out: &mut [f32]) {
        use std::arch::x86_64::*;
        let (k, m) = (self.inputs, self.outputs);
        let n = x.len() / k;
        for j in (0..m).step_by(16) {
            let (scale, bias) = (&self.scales[j..j + 16], &self.biases[j..j + 16]);
            let mut i = 0;
            while i < n {
                let rows = (n - i).min(4);
                // Rows that are not there are read as the last.
                let row: [&[[i16; 2]]; 4] = std::array::from_fn(|r| x[(i + r.min(rows - 1)) * k..][..k].as_chunks::<2>().0);
                let mut sums = [[_mm256_setzero_si256(); 2]; 4];
                for p in 0..k / 2 {
                    let weights = &self.pairs[p * m + j..][..16];
                    // SAFETY: 16 pairs of 16 bits are 64 bytes: two loads of 32.
                    let (w0, w1) = unsafe {
                        let at = weights.as_ptr().cast::<__m256i>();
                        (_mm256_loadu_si256(at), _mm256_loadu_si256(at.add(1)))
                    };
                    for r in 0..4 {
                        let [a, b] = row[r][p];
                        let pair = _mm256_set1_epi32((a as u16 as i32) | (i32::from(b) << 16));
                        sums[r][0] = _mm256_add_epi32(sums[r][0], _mm256_madd_epi16(pair, w0));
                        sums[r][1] = _mm256_add_epi32(sums[r][1], _mm256_madd_epi16(pair, w1));
                    }
                }
                for r in 0..rows {
                    let to = &mut out[(i + r) * m + j..][..16];
                    for half in 0..2 {
                        // SAFETY: eight floats each, inside the slices of 16.
                        unsafe {
                            let s = _mm256_loadu_ps(scale.as_ptr().add(half * 8));
                            let b = _mm256_loadu_ps(bias.as_ptr().add(half * 8));
                            let y = _mm256_add_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(sums[r][half]), s), b);
                            _mm256_storeu_ps(to.as_mut_ptr().add(half * 8), y);
                        }
                    }
                }
                i += rows;
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    #[allow(unsafe_code)]
    fn avx512(&self, x: &[i16], out: &mut [f32]) {
        use std::arch::x86_64::*;
        let (k, m) = (self.inputs, self.outputs);
        let n = x.len() / k;
        for j in (0..m).step_by(16) {
            let (scale, bias) = (&self.scales[j..j + 16], &self.biases[j..j + 16]);
            let mut i = 0;
            while i < n {
                let rows = (n - i).min(8);
                let row: [&[[i16; 2]]; 8] = std::array::from_fn(|r| x[(i + r.min(rows - 1)) * k..][..k].as_chunks::<2>().0);
                let mut sums = [_mm512_setzero_si512(); 8];
                for p in 0..k / 2 {
                    let weights = &self.pairs[p * m + j..][..16];
                    // SAFETY: 16 pairs of 16 bits are 64 bytes.
                    let w = unsafe { _mm512_loadu_si512(weights.as_ptr().cast()) };
                    for r in 0..8 {
                        let [a, b] = row[r][p];
                        let pair = _mm512_set1_epi32((a as u16 as i32) | (i32::from(b) << 16));
                        sums[r] = _mm512_dpwssd_epi32(sums[r], pair, w);
                    }
                }
                for r in 0..rows {
                    let to = &mut out[(i + r) * m + j..][..16];
                    // SAFETY: sixteen floats each, the length of the slices.
                    unsafe {
                        let y = _mm512_mul_ps(_mm512_cvtepi32_ps(sums[r]), _mm512_loadu_ps(scale.as_ptr()));
                        _mm512_storeu_ps(to.as_mut_ptr(), _mm512_add_ps(y, _mm512_loadu_ps(bias.as_ptr())));
                    }
                }
                i += rows;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::steps;

    #[test]
    fn every_kind_of_instruction_gives_the_same_sums() {
        let (k, m, n) = (32, 48, 21);
        let number = |i: usize| ((i * 7919 + 13) % 2003) as f32 / 1000.0 - 1.0;
        let weights: Vec<f32> = (0..k * m).map(number).collect();
        let biases: Vec<f32> = (0..m).map(number).collect();
        let bytes = Matrix::write(&weights, &biases, k, m);
        let (mut matrix, rest) = Matrix::open(&bytes).unwrap();
        assert!(rest.is_empty());
        let mut x = Vec::new();
        steps(&(0..n * k).map(|i| number(i * 3) * 60.0).collect::<Vec<_>>(), &mut x);
        let (mut fast, mut plain) = (Vec::new(), Vec::new());
        matrix.apply(&x, &mut fast);
        matrix.kind = Kind::Portable;
        matrix.apply(&x, &mut plain);
        assert_eq!(fast, plain);
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") {
            matrix.kind = Kind::Avx2;
            matrix.apply(&x, &mut fast);
            assert_eq!(fast, plain);
        }
    }

    #[test]
    fn bytes_that_are_no_matrix_are_refused() {
        assert!(Matrix::open(&[1, 0, 0]).is_none());
        assert!(Matrix::open(&[255; 64]).is_none());
    }
}
