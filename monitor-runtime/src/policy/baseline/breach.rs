/// Windows in a row that make a breach: one or two may be a hiccup, and four would take longer than
/// the five minutes within which it is to be known.
const BEGINS: u32 = 3;
/// Windows in a row without one that end it, so that one that flickers is one.
const ENDS: u32 = 15;

/// Whether something is out of order, told once from its beginning to its end.
#[derive(Debug, Default)]
pub(super) struct Breach {
    open: bool,
    /// Windows in a row that speak against what `open` says.
    against: u32,
}

impl Breach {
    pub(super) const fn is_open(&self) -> bool {
        self.open
    }

    /// Takes note of a window. Whether a breach begins with it.
    pub(super) fn note(&mut self, out_of_order: bool) -> bool {
        if out_of_order == self.open {
            self.against = 0;
            return false;
        }
        self.against += 1;
        let enough = if self.open { ENDS } else { BEGINS };
        if self.against < enough {
            return false;
        }
        *self = Self { open: out_of_order, against: 0 };
        out_of_order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breach_begins_once_and_ends_when_it_has_been_quiet() {
        let mut breach = Breach::default();
        let mut told = |windows: &str| -> String {
            let note = |window| if breach.note(window == '!') { '*' } else { '.' };
            windows.chars().map(note).collect()
        };
        assert_eq!(told("....!!.!!.!...."), "...............", "never three in a row");
        assert_eq!(told("!!!!!!"), "..*...");
        assert_eq!(told("..............!!!"), ".................", "14 quiet ones are not enough");
        assert_eq!(told("...............!!!!"), ".................*.");
    }
}
