#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| openline_fuzz_targets::turn_client(data));
