import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type GraphResource, graphPage } from "../../docs/generate/graph";
import { referencePages } from "../../docs/generate/reference";
import { readStoredSchema } from "../support/packageSchema";
import { recordStackHere } from "../support/recordedStacks";
import { type StackVariant, stackVariants } from "../support/recorder";
import { repositoryRoot } from "../support/registeredFunctions";

const docs = join(repositoryRoot, "docs");

describe("the generated pages", function () {
    this.timeout(30_000);

    it("match the components; `npm run docs` updates them", () => {
        const pages = referencePages(readStoredSchema());
        assert.deepEqual(readdirSync(join(docs, "reference")).sort(), Object.keys(pages).sort());
        for (const [name, text] of Object.entries(pages)) {
            assert.equal(readFileSync(join(docs, "reference", name), "utf8"), text, name);
        }
    });

    it("match the resource graph of a run; `npm run docs` updates it", async () => {
        const variant = stackVariants[0] as StackVariant;
        const drawn = graphPage({ resources: await recordStackHere(variant), stack: variant.stack });
        assert.equal(readFileSync(join(docs, "resource-graph.md"), "utf8"), drawn);
    });

    it("show a new property, with its type and whether it is required", () => {
        const { "Thing.md": text } = referencePages({
            resources: {
                "p:index:Thing": {
                    description: "A thing.\n\nMore of it.",
                    inputProperties: {
                        size: { $ref: "#/types/p:index:Size", description: "How big,\nor small." },
                        names: { type: "array", items: { type: "string" }, description: "a|b" },
                    },
                    requiredInputs: ["names"],
                },
            },
            types: { "p:index:Size": { type: "string", enum: [{ value: "S" }, { value: "L" }] } },
        });
        assert.match(
            text ?? "",
            /\| `names` \| list of string \| \*\*Required\.\*\* a\\\|b \|\n\| `size` \| \[Size\]\(#size\)/,
        );
        assert.match(text ?? "", /How big, or small\./);
        assert.match(text ?? "", /## Size\n\nOne of `S`, `L`\./);
    });

    it("draw each dependency once, in the frame of its component", () => {
        const resource = (name: string, options: Partial<GraphResource> = {}): GraphResource => ({
            urn: name,
            type: `a:b:${name.toUpperCase()}`,
            name,
            custom: true,
            dependencies: [],
            ...options,
        });
        const text = graphPage({
            stack: "dev",
            resources: [
                resource("stack", { type: "pulumi:pulumi:Stack", custom: false }),
                resource("frame", { custom: false, parent: "stack" }),
                resource("a", { parent: "frame" }),
                resource("b", { parent: "frame", dependencies: ["a", "frame"] }),
                resource("c", { parent: "stack", dependencies: ["a", "b"] }),
            ],
        });
        assert.match(text, /subgraph r3 \["FRAME<br\/>frame"\]\n {8}r0\["A<br\/>a"\]\n {8}r1\["B<br\/>b"\]\n {4}end/);
        assert.deepEqual(text.match(/r\d --> r\d/g), ["r0 --> r1", "r1 --> r2"]);
        assert.match(text, /longest\nchain is 3 resources/);
    });
});
