use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::parse::Parser;
use syn::{Attribute, Path};

use super::head::Head;
use super::{Block, Function, taken};

/// What an attribute stands on.
pub(crate) struct Item {
    /// The attributes below ours.
    pub(crate) attributes: Vec<Attribute>,
    /// The paths of those that are ours too, once they were read.
    pub(crate) siblings: Vec<Path>,
    /// Everything behind the attributes, as it was written. The body of a function is one of them:
    /// nobody reads it token by token without need, because that is what costs.
    pub(crate) rest: Vec<TokenTree>,
}

/// What an item turns out to be.
pub(crate) enum Target {
    Function(Box<Function>),
    /// An `impl` block, a trait or a module.
    Block(Block),
    /// `const fn`: where it says `const`.
    ConstFunction(Ident),
    /// A function of a trait without a body.
    Bodiless(Ident),
    /// Anything else: its keyword.
    Other(Ident),
    /// What can't be read at all.
    Unreadable(syn::Error),
}

impl Item {
    /// Never fails: what can't be read stays in `rest`.
    pub(crate) fn read(tokens: &TokenStream) -> Self {
        let mut trees = visible(tokens.clone());
        let rest = trees.split_off(end_of_attributes(&trees));
        let head = trees.iter().cloned().collect();
        match Attribute::parse_outer.parse2(head) {
            Ok(attributes) => Self { attributes, siblings: Vec::new(), rest: unwrapped(rest) },
            Err(_) => {
                trees.extend(rest);
                Self { attributes: Vec::new(), siblings: Vec::new(), rest: trees }
            }
        }
    }

    /// The item with something else behind its attributes.
    pub(crate) fn with_rest(&self, rest: TokenStream) -> TokenStream {
        let mut tokens = TokenStream::new();
        tokens.append_all(&self.attributes);
        tokens.extend(rest);
        tokens
    }

    pub(crate) fn target(&self) -> Target {
        match Head::of(&self.rest) {
            Head { keyword: Some(keyword), .. } if has_functions(&keyword) => {
                match Block::read(&self.rest) {
                    Some(block) => Target::Block(block),
                    None => Target::Other(keyword),
                }
            }
            Head { keyword: Some(keyword), .. } if keyword != "fn" => Target::Other(keyword),
            Head { constness: Some(constness), .. } => Target::ConstFunction(constness),
            Head { keyword: Some(keyword), .. } if ends_with_semicolon(&self.rest) => {
                Target::Bodiless(keyword)
            }
            _ => match Function::read(&self.rest) {
                Ok(function) => Target::Function(Box::new(function)),
                Err(mistake) => match Function::unread(&self.rest) {
                    Some(function) => Target::Function(Box::new(function)),
                    None => Target::Unreadable(mistake),
                },
            },
        }
    }
}

/// The trees of these tokens; inside a group without delimiters where that is all there is: what a
/// macro makes of its `$item`.
fn visible(tokens: TokenStream) -> Vec<TokenTree> {
    unwrapped(tokens.into_iter().collect())
}

fn unwrapped(trees: Vec<TokenTree>) -> Vec<TokenTree> {
    match trees.as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => {
            group.stream().into_iter().collect()
        }
        _ => trees,
    }
}

/// How many of the trees are `#[..]` at the start.
fn end_of_attributes(trees: &[TokenTree]) -> usize {
    let is_attribute = |pair: &&[TokenTree]| {
        matches!(pair, [TokenTree::Punct(mark), TokenTree::Group(group)]
            if mark.as_char() == '#' && group.delimiter() == Delimiter::Bracket)
    };
    trees.chunks(2).take_while(is_attribute).count() * 2
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for attribute in &self.attributes {
            attribute.to_tokens(tokens);
        }
        tokens.extend(self.siblings.iter().map(taken));
        tokens.extend(self.rest.iter().cloned());
    }
}

/// Whether this begins a block of functions.
pub(super) fn has_functions(keyword: &Ident) -> bool {
    keyword == "impl" || keyword == "trait" || keyword == "mod"
}

fn ends_with_semicolon(trees: &[TokenTree]) -> bool {
    matches!(trees.last(), Some(TokenTree::Punct(mark)) if mark.as_char() == ';')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> String {
        match Item::read(&text.parse().unwrap()).target() {
            Target::Function(function) => format!("function {}", function.signature.ident),
            Target::Block(_) => "block".into(),
            Target::ConstFunction(_) => "const function".into(),
            Target::Bodiless(_) => "bodiless".into(),
            Target::Other(keyword) => keyword.to_string(),
            Target::Unreadable(_) => "unreadable".into(),
        }
    }

    #[test]
    fn functions_with_every_word_before_fn() {
        assert_eq!(target("fn f() {}"), "function f");
        assert_eq!(target("pub(crate) async unsafe fn f() {}"), "function f");
        assert_eq!(target("unsafe extern \"C\" fn f(x: u8) -> u8 { x }"), "function f");
    }

    #[test]
    fn other_items_are_known_by_their_keyword() {
        for keyword in ["struct", "enum", "static"] {
            assert_eq!(target(&format!("pub {keyword} Name {{}}")), keyword);
        }
        assert_eq!(target("unsafe impl Send for Name {}"), "block");
        assert_eq!(target("pub trait Name: Send {}"), "block");
        assert_eq!(target("pub(crate) mod name {}"), "block");
        assert_eq!(target("mod name;"), "mod");
        assert_eq!(target("const NAME: u8 = 1;"), "const");
    }

    #[test]
    fn functions_that_cant_be_instrumented() {
        assert_eq!(target("pub const unsafe fn f() {}"), "const function");
        assert_eq!(target("fn f(&self);"), "bodiless");
        assert_eq!(target("fn f(x: )"), "unreadable");
    }

    #[test]
    fn a_signature_newer_than_the_parser() {
        let item = Item::read(&"pub async fn f(x: u8 = 1) where @ { g() }".parse().unwrap());
        let Target::Function(function) = item.target() else { panic!("a function") };
        assert!(function.signature.asyncness.is_some());
        assert_eq!(function.body.to_string(), "g ()");
        assert!(function.unread.unwrap().to_string().ends_with("where @"));
    }

    #[test]
    fn attributes_are_split_from_the_rest() {
        let item = Item::read(&"#[inline] /// Text.\n #[cfg(x)] fn f() {}".parse().unwrap());
        assert_eq!(item.attributes.len(), 3);
    }

    #[test]
    fn inner_attributes_leave_the_body() {
        let item = Item::read(&"fn f() { #![allow(unused)] //! Text.\n g() }".parse().unwrap());
        let Target::Function(function) = item.target() else { panic!("a function") };
        assert_eq!(function.inner_attributes.len(), 2);
        assert_eq!(function.body.to_string(), "g ()");
    }
}
