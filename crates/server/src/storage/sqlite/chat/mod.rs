//! Chat in SQLite.

mod attachment;
mod attachment_erasure;
mod columns;
mod log;
mod message;
mod participant;
mod receipt;
mod request;
mod retention;
mod rows;
mod search;
mod thread;

#[cfg(test)]
mod query_plans;
