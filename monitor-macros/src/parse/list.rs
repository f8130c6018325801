//! Reads `a, b = expr, c(..)` and goes on behind a mistake.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Token, token};

use super::argument::{Form, Sigil};
use super::{Argument, Key};
use crate::diagnostics::Diagnostics;

/// The arguments of an attribute, or of a group inside one.
pub(crate) fn list(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Vec<Argument> {
    let mut arguments = Vec::new();
    let read = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if let Err(mistake) = next(input, &mut arguments, diagnostics) {
                diagnostics.add(mistake);
                skip_argument(input)?;
            }
        }
        Ok(())
    };
    if let Err(mistake) = read.parse2(tokens) {
        diagnostics.add(mistake);
    }
    arguments
}

fn next(
    input: ParseStream<'_>,
    arguments: &mut Vec<Argument>,
    diagnostics: &mut Diagnostics,
) -> syn::Result<()> {
    let sigil = sigil(input)?;
    if !Key::peek(input) {
        return Err(input.error("expected an argument, such as `name = value`"));
    }
    let key: Key = input.parse()?;
    let form = match form(input, &key) {
        Ok(form) => form,
        Err(mistake) => {
            // The key stays known, so that nobody reports it as missing.
            diagnostics.add(mistake);
            arguments.push(Argument { sigil, key, form: Form::Broken });
            return skip_argument(input);
        }
    };
    let name = key.text.clone();
    arguments.push(Argument { sigil, key, form });
    if input.is_empty() || input.parse::<Option<Token![,]>>()?.is_some() {
        return Ok(());
    }
    Err(input.error(format!("expected `,` after the argument `{name}`")))
}

fn form(input: ParseStream<'_>, key: &Key) -> syn::Result<Form> {
    if input.is_empty() || input.peek(Token![,]) {
        Ok(Form::Flag)
    } else if input.peek(Token![=]) {
        assigned(input, key)
    } else if input.peek(token::Paren) {
        group(input)
    } else {
        let name = &key.text;
        Err(input.error(format!("expected `=`, `(` or `,` after `{name}`")))
    }
}

fn assigned(input: ParseStream<'_>, key: &Key) -> syn::Result<Form> {
    let equals: Token![=] = input.parse()?;
    let sigil = sigil(input)?;
    if input.is_empty() || input.peek(Token![,]) {
        let message = format!("`{}` needs a value after `=`", key.text);
        return Err(syn::Error::new_spanned(equals, message));
    }
    Ok(Form::Assigned { sigil, value: input.parse()? })
}

fn group(input: ParseStream<'_>) -> syn::Result<Form> {
    input.step(|cursor| match cursor.group(Delimiter::Parenthesis) {
        Some((inner, _, rest)) => Ok((Form::List(inner.token_stream()), rest)),
        None => Err(cursor.error("expected `(`")),
    })
}

fn sigil(input: ParseStream<'_>) -> syn::Result<Option<Sigil>> {
    if input.peek(Token![?]) {
        let mark: Token![?] = input.parse()?;
        Ok(Some(Sigil::Debug(mark.span)))
    } else if input.peek(Token![%]) {
        let mark: Token![%] = input.parse()?;
        Ok(Some(Sigil::Display(mark.span)))
    } else {
        Ok(None)
    }
}

fn skip_argument(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && input.parse::<Option<Token![,]>>()?.is_none() {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, usize) {
        let mut diagnostics = Diagnostics::default();
        let arguments = list(text.parse().unwrap(), &mut diagnostics);
        let keys = arguments.into_iter().map(|argument| argument.key.text).collect();
        let errors = diagnostics.into_compile_errors().to_string();
        (keys, errors.matches("compile_error").count())
    }

    fn keys(text: &str) -> Vec<String> {
        let (keys, errors) = read(text);
        assert_eq!(errors, 0, "{text}");
        keys
    }

    #[test]
    fn every_form_of_a_key() {
        assert_eq!(
            keys("a, b = 1, \"c.d\" = 2, e.f.g = 3, r#type, crate = x"),
            ["a", "b", "c.d", "e.f.g", "type", "crate"]
        );
    }

    #[test]
    fn commas_inside_values_do_not_separate() {
        assert_eq!(keys("a = |x, y| f::<u8, u8>(x, y), b(c, d), e,"), ["a", "b", "e"]);
    }

    #[test]
    fn sigils_go_before_a_key_or_a_value() {
        assert_eq!(keys("?a, %b, c = ?d, e = %f"), ["a", "b", "c", "e"]);
    }

    #[test]
    fn reading_goes_on_behind_each_mistake() {
        assert_eq!(
            read("a = , b = 2, c d, 5, e"),
            (["a", "b", "c", "e"].map(String::from).to_vec(), 3)
        );
    }
}
