import assert from "node:assert/strict";
import { createMask } from "../../cli/mask";

const secret = 'a+b/c="d&e\\ü%20<f>-key==';

describe("secrets in what a command prints", () => {
    const mask = createMask();
    mask.add(secret);

    const base64 = (text: string) => Buffer.from(text).toString("base64");
    for (const [form, text] of [
        ["raw", secret],
        ["in a URL", `https://x.test/?code=${encodeURIComponent(secret)}&a=b`],
        ["in a URL, with small digits", encodeURIComponent(secret).toLowerCase()],
        ["in a form", new URLSearchParams({ code: secret }).toString()],
        ["in a URL inside a URL", encodeURIComponent(`https://x.test/?code=${encodeURIComponent(secret)}`)],
        ["in JSON", JSON.stringify({ key: secret })],
        ["in JSON inside JSON", JSON.stringify({ body: JSON.stringify({ key: secret }) })],
        ["in base64", base64(secret)],
        ["in base64, one byte later", base64(`:${secret}`)],
        ["in base64, of a user name and it", base64(`ab:${secret}!`)],
        ["in base64, two bytes later", base64(`ab${secret}`)],
        ["in base64url", Buffer.from(`name:${secret}`).toString("base64url")],
        ["in hexadecimal digits", Buffer.from(secret).toString("hex").toUpperCase()],
        ["in HTML", "<b>a+b/c=&quot;d&amp;e\\ü%20&lt;f&gt;-key==</b>"],
        ["twice", `${secret}, ${secret}`],
        ["as a host, which loses its capitals", secret.toLowerCase()],
    ] as const) {
        it(`are hidden ${form}`, () => {
            const shown = mask.apply(text);
            assert.match(shown, /\*\*\*/);
            // Not even half of the secret stays, in this form or decoded.
            for (const rest of [shown, Buffer.from(shown, "base64").toString(), Buffer.from(shown, "hex").toString()]) {
                assert.doesNotMatch(rest, /d&e|%3D%22d|-key/i);
            }
        });
    }

    it("are found in connection strings, URLs and tokens", () => {
        const other = createMask();
        other.addFrom("Endpoint=https://x.test;AccessKey=0123456789abcdef=;Version=1.0;");
        other.addFrom("https://x.test/hooks?hub=a&code=se%2Fcret%2Fkey");
        other.addFrom(undefined);
        assert.equal(
            other.apply("0123456789abcdef= se/cret/key se%2fcret%2fkey hub=a x.test"),
            "*** *** *** hub=a x.test",
        );
    });

    it("are not taken for words: short texts, and Pulumi's mark of a hidden one", () => {
        const other = createMask();
        for (const word of ["", "hub", "client", "[secret]", undefined]) {
            other.add(word);
        }
        assert.equal(other.apply("client of hub is [secret]"), "client of hub is [secret]");
    });

    it("leaves no rest of a secret that another one begins with", () => {
        const other = createMask();
        other.add("secret-one");
        other.add("secret-one-and-more");
        assert.equal(other.apply("secret-one-and-more"), "***");
    });

    it("come with no control characters", () => {
        assert.equal(
            mask.apply("a\u001b[2J\r\nb\u0085\u009b\u007f\u0000"),
            "a\\u001b[2J\\r\\nb\\u0085\\u009b\\u007f\\u0000",
        );
    });
});
