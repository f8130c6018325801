//! What happens between the start of the span and the body: the call's own values are recorded.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{Attribute, Expr, FnArg, Pat, Signature};

use super::value::{borrowed, import, value};
use super::{Runtime, glue, glue_at};
use crate::model::{Content, Context, Crumb, ErrorKind, Plan, Recorded, Returned, Text, Traced};

/// All statements before the body.
pub(crate) fn entry(plan: &Plan, signature: &Signature, runtime: &Runtime) -> TokenStream {
    let entry = Entry { signature, runtime };
    let mut statements = TokenStream::new();
    if let Some(traced) = &plan.traced {
        statements.extend(entry.record(traced, plan.query.as_ref()));
    }
    statements.extend(entry.scope(plan));
    if let Some(ai) = &plan.ai {
        statements.extend(entry.ai(ai));
        statements.extend(entry.denial(ai, &Returned::of(signature)));
    }
    statements.extend(plan.crumbs.iter().map(|crumb| entry.crumb(crumb)));
    statements
}

pub(super) struct Entry<'a> {
    signature: &'a Signature,
    pub(super) runtime: &'a Runtime,
}

impl Entry<'_> {
    /// Fields, and a name or description made at each call.
    fn record(&self, traced: &Traced, query: Option<&Expr>) -> Option<TokenStream> {
        let mut statements = TokenStream::new();
        if let Some(name) = traced.name.as_ref().and_then(Text::dynamic) {
            statements.extend(text(name, "name"));
        }
        if let Some(description) = traced.description.as_ref().and_then(Text::dynamic) {
            statements.extend(text(description, "description"));
        }
        statements.extend(query.map(|query| text(query, "query")));
        for (index, field) in traced.fields.iter().enumerate() {
            let index = proc_macro2::Literal::usize_unsuffixed(index);
            let value = value(field, self.runtime);
            let statement = quote_spanned! {glue()=> __r.field(#index, #value); };
            statements.extend(self.when_compiled(field, &statement));
        }
        let import = import(&traced.fields, self.runtime);
        self.call("record", "__r", import.as_ref(), &statements)
    }

    /// Tags, user, contexts, and details of errors.
    fn scope(&self, plan: &Plan) -> Option<TokenStream> {
        let mut statements = TokenStream::new();
        let mut values: Vec<&Recorded> = Vec::new();
        if let Some(command) = &plan.command {
            let (facts, parameters) = (&command.values, &command.parameters);
            let (said, given) = (self.list(facts), self.list(parameters));
            statements.extend(quote_spanned! {glue()=> __s.command(&[#said], &[#given]); });
            values.extend(facts.iter().chain(parameters));
        }
        if let Some(traced) = &plan.traced {
            statements.extend(self.pairs("span_tag", traced.tags.iter(), &mut values));
            statements.extend(traced.user.as_ref().map(user));
            statements.extend(self.contexts(&traced.contexts, &mut values));
        }
        if let Some(capture) = &plan.capture {
            let details = capture.kind.iter().flat_map(ErrorKind::dynamic);
            statements.extend(self.pairs("tag", capture.dynamic_tags(), &mut values));
            statements.extend(self.pairs("detail", details, &mut values));
            statements.extend(self.contexts(&capture.contexts, &mut values));
        }
        let does = plan.does.iter().flat_map(ErrorKind::dynamic);
        statements.extend(self.pairs("detail", does, &mut values));
        let import = import(values, self.runtime);
        self.call("scope", "__s", import.as_ref(), &statements)
    }

    /// A breadcrumb, made only where one is kept.
    fn crumb(&self, crumb: &Crumb) -> TokenStream {
        let (runtime, category) = (self.runtime, &crumb.category);
        let level = proc_macro2::Ident::new(crumb.level.variant(), glue());
        let message = match &crumb.message {
            Some(Text::Dynamic(message)) => {
                let borrowed = borrowed(message);
                quote_spanned! {glue_at(message)=> __c.message(#borrowed); }
            }
            message => {
                let message = message.as_ref().and_then(Text::literal).unwrap_or_default();
                quote_spanned! {glue()=> __c.message(&#message); }
            }
        };
        let correlated = crumb.correlated.then(|| quote_spanned! {glue()=> __c.correlation_id(); });
        let import = import(&crumb.data, runtime);
        let data = crumb.data.iter().map(|recorded| {
            let (key, value) = (&recorded.key, value(recorded, runtime));
            self.when_compiled(recorded, &quote_spanned! {glue()=> __c.data(#key, #value); })
        });
        quote_spanned! {glue()=>
            #runtime::crumb(#category, #runtime::Level::#level, |__c| {
                #import #message #correlated #(#data)*
            });
        }
    }

    /// `rt::record(|__r| { .. });`, unless there is nothing to do.
    pub(super) fn call(
        &self,
        function: &str,
        writer: &str,
        import: Option<&TokenStream>,
        statements: &TokenStream,
    ) -> Option<TokenStream> {
        let runtime = self.runtime;
        let function = proc_macro2::Ident::new(function, glue());
        let writer = proc_macro2::Ident::new(writer, glue());
        (!statements.is_empty()).then(|| {
            quote_spanned! {glue()=> #runtime::#function(|#writer| { #import #statements }); }
        })
    }

    fn pairs<'a>(
        &self,
        method: &str,
        recorded: impl Iterator<Item = &'a Recorded>,
        values: &mut Vec<&'a Recorded>,
    ) -> TokenStream {
        let method = proc_macro2::Ident::new(method, glue());
        let mut statements = TokenStream::new();
        for recorded in recorded {
            let (key, value) = (&recorded.key, value(recorded, self.runtime));
            let statement = quote_spanned! {glue()=> __s.#method(#key, #value); };
            statements.extend(self.when_compiled(recorded, &statement));
            values.push(recorded);
        }
        statements
    }

    fn contexts<'a>(&self, contexts: &'a [Context], values: &mut Vec<&'a Recorded>) -> TokenStream {
        let mut statements = TokenStream::new();
        for context in contexts {
            let name = &context.name;
            values.extend(context.values());
            statements.extend(match &context.content {
                Content::Values(values) => {
                    let pairs = self.list(values);
                    quote_spanned! {glue()=> __s.context(#name, &[#pairs]); }
                }
                Content::Pairs(pairs) => {
                    quote_spanned! {glue_at(pairs)=> __s.context_from(#name, #pairs); }
                }
            });
        }
        statements
    }

    /// `("id", value), ("name", value)`
    fn list(&self, values: &[Recorded]) -> TokenStream {
        let pairs = values.iter().map(|recorded| {
            let (key, value) = (&recorded.key, value(recorded, self.runtime));
            self.when_compiled(recorded, &quote_spanned! {glue()=> (#key, #value) })
        });
        quote_spanned! {glue()=> #(#pairs),* }
    }

    /// The tokens under the `#[cfg(..)]` of the argument that they read.
    pub(super) fn when_compiled(&self, recorded: &Recorded, tokens: &TokenStream) -> TokenStream {
        let conditions = recorded.shorthand.iter().flat_map(|variable| {
            self.signature.inputs.iter().filter_map(move |input| match input {
                FnArg::Typed(typed) => match typed.pat.as_ref() {
                    Pat::Ident(pattern) if pattern.ident == *variable => Some(&typed.attrs),
                    _ => None,
                },
                FnArg::Receiver(_) => None,
            })
        });
        let conditions = conditions.flatten().filter(|attribute| is_condition(attribute));
        quote_spanned! {glue()=> #(#conditions)* #tokens }
    }
}

/// Whether the attribute decides if something is compiled at all.
pub(crate) fn is_condition(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
}

fn text(expression: &Expr, method: &str) -> TokenStream {
    let method = proc_macro2::Ident::new(method, glue());
    let borrowed = borrowed(expression);
    quote_spanned! {glue_at(expression)=> __r.#method(#borrowed); }
}

fn user(user: &Expr) -> TokenStream {
    quote_spanned! {glue_at(user)=> __s.user(#user); }
}
