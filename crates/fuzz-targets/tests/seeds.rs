//! Every input that is kept in `fuzz/seeds/` runs through its target, so that neither rots while nobody fuzzes.

#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use openline_fuzz_targets::TARGETS;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

fn names(dir: &Path) -> BTreeSet<String> {
    fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn every_seed_of_every_target_runs() {
    for (target, run) in TARGETS {
        let dir = fuzz().join("seeds").join(target);
        let seeds = names(&dir);
        assert!(!seeds.is_empty(), "{target} has no seed");
        for seed in seeds {
            let data = fs::read(dir.join(&seed)).unwrap();
            let ran = std::panic::catch_unwind(|| run(&data));
            assert!(ran.is_ok(), "fuzz/seeds/{target}/{seed}");
        }
    }
}

#[test]
fn what_is_fuzzed_is_what_is_listed() {
    let listed: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(listed.len(), TARGETS.len());
    assert_eq!(names(&fuzz().join("seeds")), listed);
    let sources: BTreeSet<String> = listed.iter().map(|name| format!("{name}.rs")).collect();
    assert_eq!(names(&fuzz().join("fuzz_targets")), sources);
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    for name in &listed {
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "fuzz/Cargo.toml lacks {name}"
        );
        let source = fs::read_to_string(fuzz().join("fuzz_targets").join(format!("{name}.rs"))).unwrap();
        assert!(
            source.contains(&format!("openline_fuzz_targets::{name}(")),
            "{name}.rs runs something else"
        );
    }
}
