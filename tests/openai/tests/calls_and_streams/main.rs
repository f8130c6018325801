//! AI calls by the real async-openai, against a server on the loopback interface.

mod calls;
mod canary;
mod conversation;
mod openai;
mod streams;
