//! Dense matrices in row order, and the optimiser. Sums run in one fixed order, so that a run can be repeated.

const ROWS: usize = 4;
const COLUMNS: usize = 32;

/// `c += a * b`, with `a` of `n` rows and `k` columns and `b` of `k` rows and `m` columns; `m` is a multiple of 32.
pub fn gemm(a: &[f32], b: &[f32], c: &mut [f32], n: usize, k: usize, m: usize) {
    assert!(a.len() >= n * k && b.len() >= k * m && c.len() >= n * m && m.is_multiple_of(COLUMNS));
    for j in (0..m).step_by(COLUMNS) {
        let mut i = 0;
        while i < n {
            let rows = ROWS.min(n - i);
            let mut acc = [[0f32; COLUMNS]; ROWS];
            if rows == ROWS {
                let (a0, a1, a2, a3) = (
                    &a[i * k..(i + 1) * k],
                    &a[(i + 1) * k..(i + 2) * k],
                    &a[(i + 2) * k..(i + 3) * k],
                    &a[(i + 3) * k..(i + 4) * k],
                );
                for p in 0..k {
                    let row: &[f32; COLUMNS] = b[p * m + j..p * m + j + COLUMNS].try_into().unwrap_or(&[0.0; COLUMNS]);
                    let (x0, x1, x2, x3) = (a0[p], a1[p], a2[p], a3[p]);
                    for l in 0..COLUMNS {
                        acc[0][l] = x0.mul_add(row[l], acc[0][l]);
                        acc[1][l] = x1.mul_add(row[l], acc[1][l]);
                        acc[2][l] = x2.mul_add(row[l], acc[2][l]);
                        acc[3][l] = x3.mul_add(row[l], acc[3][l]);
                    }
                }
            } else {
                for p in 0..k {
                    let row = &b[p * m + j..p * m + j + COLUMNS];
                    for r in 0..rows {
                        let x = a[(i + r) * k + p];
                        for l in 0..COLUMNS {
                            acc[r][l] = x.mul_add(row[l], acc[r][l]);
                        }
                    }
                }
            }
            for r in 0..rows {
                for (to, from) in c[(i + r) * m + j..(i + r) * m + j + COLUMNS].iter_mut().zip(&acc[r]) {
                    *to += from;
                }
            }
            i += rows;
        }
    }
}

/// `a` turned over: `n` rows of `m` become `m` rows of `n`.
pub fn transposed(a: &[f32], n: usize, m: usize) -> Vec<f32> {
    let mut out = vec![0.0; n * m];
    for i0 in (0..n).step_by(16) {
        for j0 in (0..m).step_by(16) {
            for i in i0..(i0 + 16).min(n) {
                for j in j0..(j0 + 16).min(m) {
                    out[j * n + i] = a[i * m + j];
                }
            }
        }
    }
    out
}

/// Sum of products.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0f32; 16];
    let (x, y) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    for (p, q) in x.0.iter().zip(y.0) {
        for l in 0..16 {
            lanes[l] = p[l].mul_add(q[l], lanes[l]);
        }
    }
    let rest: f32 = x.1.iter().zip(y.1).map(|(p, q)| p * q).sum();
    lanes.iter().sum::<f32>() + rest
}

/// `y += f * x`.
pub fn axpy(f: f32, x: &[f32], y: &mut [f32]) {
    for (to, from) in y.iter_mut().zip(x) {
        *to = f.mul_add(*from, *to);
    }
}

/// Turns scores into what the loss moves them by: probabilities, less one at `gold`. Returns the loss.
pub fn softmax(scores: &mut [f32], gold: usize) -> f32 {
    let high = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for s in scores.iter_mut() {
        *s = (*s - high).exp();
        sum += *s;
    }
    for s in scores.iter_mut() {
        *s /= sum;
    }
    let loss = -scores[gold].max(1e-20).ln();
    scores[gold] -= 1.0;
    loss
}

/// Numbers that are learned, with what Adam keeps of them.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    /// The numbers.
    pub w: Vec<f32>,
    /// What the loss moves them by.
    pub g: Vec<f32>,
    m: Vec<f32>,
    v: Vec<f32>,
}

impl Weights {
    /// From starting values.
    pub fn new(w: Vec<f32>) -> Weights {
        let n = w.len();
        Weights { w, g: vec![0.0; n], m: vec![0.0; n], v: vec![0.0; n] }
    }

    /// One step of Adam on all, or on `range`; the moves are cleared.
    pub fn adam(&mut self, range: std::ops::Range<usize>, rate: f32, decay: f32) {
        const B1: f32 = 0.9;
        const B2: f32 = 0.98;
        let (w, g) = (&mut self.w[range.clone()], &mut self.g[range.clone()]);
        let (m, v) = (&mut self.m[range.clone()], &mut self.v[range]);
        for i in 0..w.len() {
            m[i] = B1 * m[i] + (1.0 - B1) * g[i];
            v[i] = B2 * v[i] + (1.0 - B2) * g[i] * g[i];
            w[i] -= rate * (m[i] / (v[i].sqrt() + 1e-6) + decay * w[i]);
            g[i] = 0.0;
        }
    }
}
