//! Every word that may stand before `fn`.
#![deny(warnings)]

use monitor_runtime::{capture_errors, traced};

#[traced(fields(?place))]
unsafe fn read(place: *const u8) -> u8 {
    // SAFETY: the caller says so.
    unsafe { *place }
}

#[capture_errors]
async unsafe fn read_async(place: *const u8) -> Result<u8, String> {
    // SAFETY: the caller says so.
    Ok(unsafe { *place })
}

#[capture_errors(panics)]
pub(crate) unsafe extern "C" fn exported(place: *const u8) -> u8 {
    // SAFETY: the caller says so.
    unsafe { *place }
}

trait Reads {
    /// # Safety
    /// The place is valid.
    unsafe fn read(&self, place: *const u8) -> u8;
}

impl Reads for () {
    #[traced]
    unsafe fn read(&self, place: *const u8) -> u8 {
        // SAFETY: the caller says so.
        unsafe { *place }
    }
}

fn main() {
    // SAFETY: the places are those of constants.
    unsafe {
        assert_eq!(read(&1), 1);
        drop(read_async(&1));
        assert_eq!(exported(&1), 1);
        assert_eq!(().read(&1), 1);
    }
}
