#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| openline_fuzz_targets::realtime_server_frames(data));
