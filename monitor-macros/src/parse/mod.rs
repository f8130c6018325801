//! Tokens in, what they say out. Nothing here knows what an argument means.

mod argument;
mod attribute_kind;
mod block;
mod function;
mod given;
mod head;
mod identifiers;
mod item;
mod key;
mod leaves_early;
mod list;
mod owner;
mod repeats;
mod secrets;
mod stacked;
mod taken;
mod values;

pub(crate) use argument::{Argument, Form, Sigil};
pub(crate) use attribute_kind::AttributeKind;
pub(crate) use block::Block;
pub(crate) use function::Function;
pub(crate) use given::Given;
pub(crate) use identifiers::identifiers;
pub(crate) use item::{Item, Target};
pub(crate) use key::Key;
pub(crate) use leaves_early::leaves_early;
pub(crate) use list::list;
pub(crate) use owner::Owner;
pub(crate) use repeats::without_repeats;
pub(crate) use stacked::Stacked;
pub(crate) use taken::{taken, was_taken};
pub(crate) use values::{as_bool, as_integer, as_string, as_word, unwrapped};
