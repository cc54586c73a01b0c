//! Flat bytes, little endian: how structures cross the border in one call. `conflict/automerge-cpp/flat.hpp` is the other half.

/// Appends fields to a buffer.
#[derive(Default)]
pub struct Writer {
    pub bytes: Vec<u8>,
}

impl Writer {
    pub fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }
    pub fn u32(&mut self, value: usize) {
        let value = u32::try_from(value).expect("a flat count fits 32 bits");
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }
    pub fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }
    pub fn i64(&mut self, value: i64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }
    pub fn raw(&mut self, value: &[u8]) {
        self.bytes.extend_from_slice(value);
    }
    /// Length, then content.
    pub fn block(&mut self, value: &[u8]) {
        self.u32(value.len());
        self.raw(value);
    }
    /// Leaves room for a count that is known later; hand the position to `fill`.
    pub fn hole(&mut self) -> usize {
        let at = self.bytes.len();
        self.u32(0);
        at
    }
    pub fn fill(&mut self, at: usize, value: usize) {
        let value = u32::try_from(value).expect("a flat count fits 32 bits");
        self.bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
}

/// Reads what our own C++ wrote. Too few bytes is a fault of this program, so it panics (and is caught by the guard).
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }
    pub fn raw(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        taken
    }
    pub fn u8(&mut self) -> u8 {
        self.raw(1)[0]
    }
    pub fn u32(&mut self) -> usize {
        u32::from_le_bytes(self.raw(4).try_into().unwrap()) as usize
    }
    pub fn i64(&mut self) -> i64 {
        i64::from_le_bytes(self.raw(8).try_into().unwrap())
    }
    pub fn block(&mut self) -> &'a [u8] {
        let count = self.u32();
        self.raw(count)
    }
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}
