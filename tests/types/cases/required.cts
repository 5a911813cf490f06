// Node requires modules: the one entry serves it, too.
import openline = require("openline");

const client: openline.CallClient = new openline.CallClient();
void client.dispose();
