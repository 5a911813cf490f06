//! The allocator of the SDK, as a page has it that stays open for days: what was let go of is used again.

use core::arch::wasm32::memory_size;

use wasm_bindgen_test::wasm_bindgen_test;

const PAGE_BYTES: usize = 65_536;
const SLOTS: usize = 1_000;
const STEPS: usize = 30_000;

#[wasm_bindgen_test]
fn memory_does_not_grow_while_texts_come_and_go() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut texts: Vec<Text> = Vec::new();
    texts.resize_with(SLOTS, Text::default);
    let before = memory_size(0);
    churn(&mut texts, &mut random);
    let settled = memory_size(0);
    let held: usize = texts.iter().map(|text| text.0.capacity()).sum();
    // What is held goes up and down, and what other tests left free or in use lies between. The bounds are wide for
    // that; without reuse it would be ten times as much.
    let used = (settled - before) * PAGE_BYTES;
    assert!(used < held * 3, "{used} bytes for {held}");
    for _ in 0..5 {
        churn(&mut texts, &mut random);
    }
    let grown = (memory_size(0) - settled) * PAGE_BYTES;
    assert!(grown < held, "{grown} bytes more for as much");
    drop(texts);
    // What was small before is large now.
    let last = memory_size(0);
    drop(vec![1_u8; held / 4]);
    assert_eq!(
        memory_size(0),
        last,
        "small pieces that are free make a large one"
    );
}

/// Lets go of texts, writes others and goes on writing in some, in no order.
fn churn(texts: &mut [Text], random: &mut Random) {
    for _ in 0..STEPS {
        let slot = random.below(SLOTS);
        if random.below(4) == 0 {
            texts[slot].grow(random.below(500));
        } else {
            texts[slot] = Text::of(random);
        }
        texts[slot].require_whole();
    }
}

/// Bytes that are the same throughout, so that it shows when somebody else writes there.
#[derive(Default)]
struct Text(Vec<u8>);

impl Text {
    fn of(random: &mut Random) -> Self {
        // Mostly names and frames, now and then a description of a call or a page of messages.
        let most = if random.below(50) == 0 { 40_000 } else { 800 };
        let byte = u8::try_from(random.below(256)).expect("a byte");
        Self(vec![byte; 1 + random.below(most)])
    }

    fn grow(&mut self, by: usize) {
        if let Some(byte) = self.0.first().copied() {
            self.0.extend(std::iter::repeat_n(byte, by));
        }
        if self.0.len() > 50_000 {
            self.0.truncate(10);
            self.0.shrink_to_fit();
        }
    }

    fn require_whole(&self) {
        let first = self.0.first();
        assert!(
            [self.0.get(self.0.len() / 2), self.0.last()]
                .iter()
                .all(|byte| *byte == first)
        );
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        self.require_whole();
    }
}

/// Xorshift: the same numbers every time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }
}
