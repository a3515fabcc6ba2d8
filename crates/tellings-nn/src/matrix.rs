//! `y = W x + b` on whole numbers: weights of 8 bits, inputs of 16, sums of 32. The sums are exact, so every machine gets the
//! same result, whichever instructions it has.
//!
//! File: `inputs u32 | outputs u32`, then for each output its scale and bias (`f32`), then the weights, one row of outputs an
//! input (`i8`). Inputs are even, outputs a multiple of 16.
#![allow(clippy::needless_range_loop, reason = "loops over rows of registers read best by number")]

use crate::lanes::STEPS;

/// Outputs that are computed side by side.
const PANEL: usize = 16;

/// The two weights of a pair of inputs, for each output of a panel: one line of memory.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Line([[i16; 2]; PANEL]);

/// A matrix opened on bytes and laid out for the machine.
#[derive(Clone, Debug)]
pub struct Matrix {
    inputs: usize,
    outputs: usize,
    /// Panel by panel, a line for each pair of inputs: in the order in which they are read.
    lines: Vec<Line>,
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
        if inputs % 2 != 0 || outputs % PANEL != 0 {
            return None;
        }
        let float = |c: &[u8]| f32::from_le_bytes([c[0], c[1], c[2], c[3]]);
        let scales = floats.chunks_exact(8).map(|c| float(&c[..4]) / STEPS).collect();
        let biases = floats.chunks_exact(8).map(|c| float(&c[4..])).collect();
        let weight = |input: usize, output: usize| i16::from(weights[input * outputs + output] as i8);
        let mut lines = Vec::with_capacity(inputs / 2 * (outputs / PANEL));
        for panel in (0..outputs).step_by(PANEL) {
            let line = |pair: usize| std::array::from_fn(|l| [weight(2 * pair, panel + l), weight(2 * pair + 1, panel + l)]);
            lines.extend((0..inputs / 2).map(|pair| Line(line(pair))));
        }
        Some((Matrix { inputs, outputs, lines, scales, biases, kind: kind() }, rest))
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
        // All of them are written below: what stood there need not be cleared.
        out.resize(n * self.outputs, 0.0);
        if self.inputs == 0 {
            return;
        }
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
            let panels = self.lines.chunks_exact(self.inputs / 2);
            for (j, (out, lines)) in out.as_chunks_mut::<PANEL>().0.iter_mut().zip(panels).enumerate() {
                let mut sums = [0i32; PANEL];
                for (pair, Line(weights)) in row.as_chunks::<2>().0.iter().zip(lines) {
                    for l in 0..PANEL {
                        sums[l] += i32::from(pair[0]) * i32::from(weights[l][0]) + i32::from(pair[1]) * i32::from(weights[l][1]);
                    }
                }
                for l in 0..PANEL {
                    out[l] = sums[l] as f32 * self.scales[j * PANEL + l] + self.biases[j * PANEL + l];
                }
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn avx2(&self, x: &[i16], out: &mut [f32]) {
        // The sums of six rows, two registers each, beside weights and a pair of inputs: what 16 registers hold.
        const ROWS: usize = 6;
        let (k, m) = (self.inputs, self.outputs);
        let (many, few) = out.split_at_mut(out.len() / (ROWS * m) * ROWS * m);
        for panel in 0..m / PANEL {
            for (x, out) in x.chunks_exact(ROWS * k).zip(many.chunks_exact_mut(ROWS * m)) {
                self.avx2_rows::<ROWS>(x, panel, out);
            }
            let x = &x[x.len() / (ROWS * k) * ROWS * k..];
            match x.len() / k {
                1 => self.avx2_rows::<1>(x, panel, few),
                2 => self.avx2_rows::<2>(x, panel, few),
                3 => self.avx2_rows::<3>(x, panel, few),
                4 => self.avx2_rows::<4>(x, panel, few),
                5 => self.avx2_rows::<5>(x, panel, few),
                _ => {}
            }
        }
    }

    /// One panel of `R` rows.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    #[allow(unsafe_code)]
    fn avx2_rows<const R: usize>(&self, x: &[i16], panel: usize, out: &mut [f32]) {
        use std::arch::x86_64::*;
        let (k, m) = (self.inputs, self.outputs);
        let lines = &self.lines[panel * (k / 2)..][..k / 2];
        let x = &x[..R * k];
        let mut sums = [[_mm256_setzero_si256(); 2]; R];
        for (p, line) in lines.iter().enumerate() {
            let at = std::ptr::from_ref(line).cast::<__m256i>();
            // SAFETY: a line is 64 bytes: two loads of 32.
            let (w0, w1) = unsafe { (_mm256_load_si256(at), _mm256_load_si256(at.add(1))) };
            for r in 0..R {
                // SAFETY: `p` is below `k / 2` and `r` below `R`, so that both numbers of the pair are in the `R * k` of `x`.
                let pair = unsafe { x.as_ptr().add(r * k + 2 * p).cast::<i32>().read_unaligned() };
                let pair = _mm256_set1_epi32(pair);
                sums[r][0] = _mm256_add_epi32(sums[r][0], _mm256_madd_epi16(pair, w0));
                sums[r][1] = _mm256_add_epi32(sums[r][1], _mm256_madd_epi16(pair, w1));
            }
        }
        for half in 0..2 {
            let j = panel * PANEL + half * 8;
            let (scale, bias) = (&self.scales[j..j + 8], &self.biases[j..j + 8]);
            for r in 0..R {
                let to = &mut out[r * m + j..][..8];
                // SAFETY: eight floats each, the length of the slices.
                unsafe {
                    let y = _mm256_mul_ps(_mm256_cvtepi32_ps(sums[r][half]), _mm256_loadu_ps(scale.as_ptr()));
                    _mm256_storeu_ps(to.as_mut_ptr(), _mm256_add_ps(y, _mm256_loadu_ps(bias.as_ptr())));
                }
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    fn avx512(&self, x: &[i16], out: &mut [f32]) {
        let panels = self.outputs / PANEL;
        for panel in (0..panels / 2 * 2).step_by(2) {
            self.avx512_panels::<2>(x, panel, out);
        }
        if panels % 2 == 1 {
            self.avx512_panels::<1>(x, panels - 1, out);
        }
    }

    /// All rows of `B` panels.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    fn avx512_panels<const B: usize>(&self, x: &[i16], panel: usize, out: &mut [f32]) {
        // The sums of eight rows and two panels leave room for weights and inputs in 32 registers.
        const ROWS: usize = 8;
        let (k, m) = (self.inputs, self.outputs);
        let (many, few) = out.split_at_mut(out.len() / (ROWS * m) * ROWS * m);
        for (x, out) in x.chunks_exact(ROWS * k).zip(many.chunks_exact_mut(ROWS * m)) {
            self.avx512_rows::<ROWS, B>(x, panel, out);
        }
        let x = &x[x.len() / (ROWS * k) * ROWS * k..];
        match x.len() / k {
            1 => self.avx512_rows::<1, B>(x, panel, few),
            2 => self.avx512_rows::<2, B>(x, panel, few),
            3 => self.avx512_rows::<3, B>(x, panel, few),
            4 => self.avx512_rows::<4, B>(x, panel, few),
            5 => self.avx512_rows::<5, B>(x, panel, few),
            6 => self.avx512_rows::<6, B>(x, panel, few),
            7 => self.avx512_rows::<7, B>(x, panel, few),
            _ => {}
        }
    }

    /// `B` panels of `R` rows.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    #[allow(unsafe_code)]
    fn avx512_rows<const R: usize, const B: usize>(&self, x: &[i16], panel: usize, out: &mut [f32]) {
        use std::arch::x86_64::*;
        let (k, m) = (self.inputs, self.outputs);
        let lines = &self.lines[panel * (k / 2)..][..B * (k / 2)];
        let x = &x[..R * k];
        let mut sums = [[_mm512_setzero_si512(); B]; R];
        for p in 0..k / 2 {
            let mut weights = [_mm512_setzero_si512(); B];
            for b in 0..B {
                // SAFETY: there are `B * k / 2` lines of 64 bytes each.
                weights[b] = unsafe { _mm512_load_si512(lines.as_ptr().add(b * (k / 2) + p).cast()) };
            }
            for r in 0..R {
                // SAFETY: `p` is below `k / 2` and `r` below `R`, so that both numbers of the pair are in the `R * k` of `x`.
                let pair = unsafe { x.as_ptr().add(r * k + 2 * p).cast::<i32>().read_unaligned() };
                let pair = _mm512_set1_epi32(pair);
                for b in 0..B {
                    sums[r][b] = _mm512_dpwssd_epi32(sums[r][b], pair, weights[b]);
                }
            }
        }
        for b in 0..B {
            let j = (panel + b) * PANEL;
            let (scale, bias) = (&self.scales[j..j + PANEL], &self.biases[j..j + PANEL]);
            for r in 0..R {
                let to = &mut out[r * m + j..][..PANEL];
                // SAFETY: sixteen floats each, the length of the slices.
                unsafe {
                    let y = _mm512_mul_ps(_mm512_cvtepi32_ps(sums[r][b]), _mm512_loadu_ps(scale.as_ptr()));
                    _mm512_storeu_ps(to.as_mut_ptr(), _mm512_add_ps(y, _mm512_loadu_ps(bias.as_ptr())));
                }
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
        for n in 0..20 {
            check(n);
        }
    }

    fn check(n: usize) {
        let (k, m) = (32, 48);
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
