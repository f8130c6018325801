use std::collections::BTreeSet;
use std::path::Path;

use crate::crate_copy::CrateCopy;
use crate::messages::Message;

/// The innermost functions, by file and number, that the messages are about.
///
/// Only those that have the attribute: below a bare function, the one around it may be to blame.
pub(crate) fn locate(
    copy: &CrateCopy,
    messages: &BTreeSet<Message>,
    bare: &BTreeSet<(usize, usize)>,
) -> BTreeSet<(usize, usize)> {
    messages.iter().filter_map(|message| function(copy, message, bare)).collect()
}

fn function(
    copy: &CrateCopy,
    message: &Message,
    bare: &BTreeSet<(usize, usize)>,
) -> Option<(usize, usize)> {
    let is_file = |path: &Path| path == Path::new(&message.file);
    let number = copy.files.iter().position(|file| is_file(&file.path))?;
    let functions = copy.files[number].found.functions.iter().enumerate();
    functions
        .filter(|(index, one)| {
            one.lines.contains(&message.line) && !bare.contains(&(number, *index))
        })
        .min_by_key(|(_, one)| one.lines.end() - one.lines.start())
        .map(|(index, _)| (number, index))
}
