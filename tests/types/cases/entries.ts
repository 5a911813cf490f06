// The package's entries, and what loads it.
import { expectTypeOf } from "expect-type";
import * as openline from "openline";
import * as chat from "openline/chat";
import * as chatInline from "openline/chat/inline";
import * as inline from "openline/inline";
import manifest from "openline/package.json" with { type: "json" };

expectTypeOf(inline).toEqualTypeOf(openline);
expectTypeOf(manifest.version).toBeString();

expectTypeOf(openline.init).returns.toEqualTypeOf<Promise<void>>();
void openline.init();
void openline.init("/assets/core_bg.wasm");
void openline.init(new URL("https://cdn.example.com/core_bg.wasm"));
void openline.init(fetch("/core_bg.wasm").then((response) => response) as unknown as Response);
void openline.init(new Uint8Array());
void openline.init(new WebAssembly.Module(new ArrayBuffer()));
// @ts-expect-error a number says nothing about where the file is
void openline.init(42);

// @ts-expect-error there is no default export
openline.default;
// @ts-expect-error the raw start of the core is not public
openline.start();

// Chat alone has the same classes and functions, and those of calls as types alone.
expectTypeOf(chatInline).toEqualTypeOf(chat);
expectTypeOf(chat.ChatClient).toEqualTypeOf(openline.ChatClient);
expectTypeOf(chat.init).toEqualTypeOf(openline.init);
expectTypeOf<chat.ChatMessage>().toEqualTypeOf<openline.ChatMessage>();
// @ts-expect-error it cannot call
new chat.CallClient();

// What only the SDK makes has no public constructor.
// @ts-expect-error from getChatThreadClient
new openline.ChatThreadClient();
// @ts-expect-error from createCallAgent
openline.CallAgent;
// @ts-expect-error from startCall and accept
openline.Call;

// Nothing is freed by hand.
// @ts-expect-error
new openline.CallClient().free();
