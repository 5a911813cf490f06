//! Rebuilds the server when a migration is added: the files are compiled into it.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
