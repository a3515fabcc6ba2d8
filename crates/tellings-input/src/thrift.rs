//! The footers and page headers of Parquet files, walked before they are believed: nothing in them may claim more than is there.
//!
//! They are written in Thrift's compact protocol. The walk has no recursion and allocates nothing.

/// A place in a structure. Every step gives `None` where the bytes end too soon or cannot be.
#[derive(Clone, Copy)]
pub(crate) struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Type of a value as the protocol numbers them.
const STRUCT: u8 = 12;
const LIST: u8 = 9;
/// Structures within structures; real footers have some six.
const DEEPEST: usize = 40;

impl<'a> Walk<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Walk<'a> {
        Walk { bytes, at: 0 }
    }

    /// Bytes that were walked.
    pub(crate) fn walked(&self) -> usize {
        self.at
    }

    fn byte(&mut self) -> Option<u8> {
        self.at += 1;
        self.bytes.get(self.at - 1).copied()
    }

    fn pass(&mut self, count: usize) -> Option<()> {
        self.at = self.at.checked_add(count).filter(|&at| at <= self.bytes.len())?;
        Some(())
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// Numbers are kept with their sign at the low end.
    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// The type and length of a list; an element takes a byte at least.
    fn list(&mut self) -> Option<(u8, usize)> {
        let head = self.byte()?;
        let length = if head >> 4 == 15 { self.number()? as usize } else { usize::from(head >> 4) };
        (length <= self.bytes.len() - self.at).then_some((head & 15, length))
    }

    /// Walks a structure to its end and shows every whole number in it: the field ids that lead to it, outermost first, and its
    /// value. A structure in a list adds its own ids to the id of the list.
    pub(crate) fn structure(&mut self, mut number: impl FnMut(&[i16], i64)) -> Option<()> {
        /// A structure, or a list with so many elements of a type to come.
        enum Open {
            Struct(i16),
            List(u8, usize),
        }
        let (mut open, mut path) = (vec![Open::Struct(0)], vec![0i16]);
        while let Some(top) = open.last_mut() {
            let (kind, element) = match top {
                Open::List(_, 0) => {
                    open.pop();
                    path.pop();
                    continue;
                }
                Open::List(kind, left) => {
                    *left -= 1;
                    (*kind, true)
                }
                Open::Struct(last) => {
                    let head = self.byte()?;
                    if head & 15 == 0 {
                        open.pop();
                        path.pop();
                        continue;
                    }
                    *last = match head >> 4 {
                        0 => i16::try_from(self.signed()?).ok()?,
                        step => last.checked_add(i16::from(step))?,
                    };
                    *path.last_mut()? = *last;
                    (head & 15, false)
                }
            };
            match kind {
                1 | 2 if element => self.pass(1)?,
                1 | 2 => {}
                3 => self.pass(1)?,
                4..=6 => {
                    let value = self.signed()?;
                    number(&path, value);
                }
                7 => self.pass(8)?,
                8 => {
                    let length = usize::try_from(self.number()?).ok()?;
                    self.pass(length)?;
                }
                LIST | 10 => {
                    let (kind, length) = self.list()?;
                    open.push(Open::List(kind, length));
                    path.push(*path.last()?);
                }
                STRUCT => {
                    open.push(Open::Struct(0));
                    path.push(0);
                }
                // Maps are in neither; anything else cannot be.
                _ => return None,
            }
            if open.len() > DEEPEST {
                return None;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_where_they_stand() {
        // {1: i32 1, 2: [{5: i32 2}, {5: i32 3}], 4: "ab"}
        let bytes = [0x15, 2, 0x19, 0x2c, 0x55, 4, 0, 0x55, 6, 0, 0x28, 2, b'a', b'b', 0, 9, 9];
        let (mut found, mut walk) = (Vec::new(), Walk::new(&bytes));
        walk.structure(|path, value| found.push((path.to_vec(), value))).unwrap();
        assert_eq!(found, [(vec![1], 1), (vec![2, 2, 5], 2), (vec![2, 2, 5], 3)]);
        assert_eq!(walk.walked(), 15);
        for i in 0..15 {
            assert!(Walk::new(&bytes[..i]).structure(|_, _| {}).is_none(), "cut at {i}");
        }
        assert!(Walk::new(&[0x1c; 200]).structure(|_, _| {}).is_none(), "nested without end");
        assert!(
            Walk::new(&[0x19, 0xf5, 0xff, 0xff, 0xff, 0x7f, 0]).structure(|_, _| {}).is_none(),
            "a list longer than the bytes"
        );
    }
}
