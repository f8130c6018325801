//! Short texts that stand in the program, as JSON.

use super::json::Json;
use crate::record::Text;

/// Names that are kept, as a power of two, and bytes of one in quotes.
const PLACES: u32 = 5;
const ROOM: usize = 62;

/// The last names: types, modules, roots. They never change, so where one is tells which it is.
pub(super) struct Names([Name; 1 << PLACES]);

#[derive(Clone, Copy)]
struct Name {
    text: &'static str,
    len: u8,
    quoted: [u8; ROOM],
}

impl Default for Names {
    fn default() -> Self {
        Self([Name { text: "", len: 0, quoted: [0; ROOM] }; 1 << PLACES])
    }
}

impl Names {
    /// Writes a name of at most so many characters, in quotes.
    pub(super) fn write(&mut self, json: &mut Json, name: &Text, max: usize) {
        let Text::Borrowed(text) = *name else { return json.fitting(name, max) };
        // Texts lie one behind the other: the high bits of the product are spread well.
        let hash = (text.as_ptr().addr() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = &mut self.0[(hash >> (u64::BITS - PLACES)) as usize];
        if std::ptr::eq(place.text, text) && place.len > 0 {
            return json.raw(&place.quoted[..usize::from(place.len)]);
        }
        let start = json.0.len();
        json.fitting(text, max);
        let written = &json.0[start..];
        // What is that short is never cut.
        if let (Some(room), Ok(len)) =
            (place.quoted.get_mut(..written.len()), u8::try_from(written.len()))
        {
            room.copy_from_slice(written);
            (place.text, place.len) = (text, len);
        }
    }
}
