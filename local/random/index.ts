import { randomBytes, randomUUID } from "node:crypto";
import { hashSync } from "bcryptjs";
import type { Handler } from "../engine/handler";
import type { Properties } from "../engine/values";
import { createDraw, shuffle } from "./draw";
import { randomHandler, wholeFaults } from "./handler";
import { petName } from "./pets";
import { checkText, textInputs, textOutputs } from "./text";

/** The provider's own 10 would hold up a start, and nobody has to be kept from guessing a password of this machine. */
const leastRounds = 4;

const textOr = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);

/** A UUID of version 7: the time in milliseconds, and then a random rest. */
function uuid7(): string {
    const time = Date.now().toString(16).padStart(12, "0");
    return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

const uuidHandler = (type: string, make: () => string) =>
    randomHandler({
        type,
        inputNames: [],
        results: ["result"],
        faults: () => [],
        make() {
            const result = make();
            return { id: result, outputs: { result } };
        },
    });

function integerFaults(inputs: Properties): string[] {
    const faults = [...wholeFaults(inputs, "min"), ...wholeFaults(inputs, "max")];
    return faults.length === 0 && Number(inputs.min) > Number(inputs.max)
        ? [`min is ${inputs.min}: it must not be above max, which is ${inputs.max}`]
        : faults;
}

function shuffled({ inputs, resultCount, seed }: Properties): string[] {
    const items = inputs as string[];
    const wanted = Number(resultCount ?? 0) || items.length;
    const draw = createDraw(seed);
    const results: string[] = [];
    while (items.length > 0 && results.length < wanted) {
        results.push(...shuffle(items, draw));
    }
    return results.slice(0, wanted);
}

/** The resource types of `@pulumi/random`, with the rules of hashicorp/terraform-provider-random, which makes them for Pulumi. */
export const randomHandlers: Handler[] = [
    randomHandler({
        type: "randomPassword",
        inputNames: textInputs,
        results: ["result", "bcryptHash"],
        secretOutputs: ["result", "bcryptHash"],
        faults: checkText,
        make(inputs) {
            const outputs = textOutputs(inputs);
            return { id: "none", outputs: { ...outputs, bcryptHash: hashSync(outputs.result, leastRounds) } };
        },
    }),
    randomHandler({
        type: "randomString",
        inputNames: textInputs,
        results: ["result"],
        faults: checkText,
        make(inputs) {
            const outputs = textOutputs(inputs);
            return { id: outputs.result, outputs };
        },
    }),
    uuidHandler("randomUuid", randomUUID),
    uuidHandler("randomUuid4", randomUUID),
    uuidHandler("randomUuid7", uuid7),
    randomHandler({
        type: "randomId",
        inputNames: ["byteLength", "prefix"],
        results: ["hex", "b64Url", "b64Std", "dec"],
        faults: (inputs) => wholeFaults(inputs, "byteLength", 1),
        make(inputs) {
            const bytes = randomBytes(Number(inputs.byteLength));
            const prefix = textOr(inputs.prefix, "");
            const id = bytes.toString("base64url");
            return {
                id,
                outputs: {
                    hex: prefix + bytes.toString("hex"),
                    b64Url: prefix + id,
                    b64Std: prefix + bytes.toString("base64"),
                    dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
                },
            };
        },
    }),
    randomHandler({
        type: "randomBytes",
        inputNames: ["length"],
        results: ["base64", "hex"],
        secretOutputs: ["base64", "hex"],
        faults: (inputs) => wholeFaults(inputs, "length", 1),
        make(inputs) {
            const bytes = randomBytes(Number(inputs.length));
            return { id: "none", outputs: { base64: bytes.toString("base64"), hex: bytes.toString("hex") } };
        },
    }),
    randomHandler({
        type: "randomInteger",
        inputNames: ["max", "min", "seed"],
        results: ["result"],
        faults: integerFaults,
        make({ min, max, seed }) {
            const result = Number(min) + createDraw(seed)(Number(max) - Number(min) + 1);
            return { id: String(result), outputs: { result } };
        },
    }),
    randomHandler({
        type: "randomShuffle",
        inputNames: ["inputs", "resultCount", "seed"],
        results: ["results"],
        faults: ({ inputs, ...others }) => [
            ...(Array.isArray(inputs) && inputs.every((item) => typeof item === "string")
                ? []
                : ["inputs must be a list of texts"]),
            ...(others.resultCount === undefined ? [] : wholeFaults(others, "resultCount", 0)),
        ],
        make: (inputs) => ({ id: "-", outputs: { results: shuffled(inputs) } }),
    }),
    randomHandler({
        type: "randomPet",
        inputNames: ["length", "prefix", "separator"],
        results: [],
        faults: (inputs) => (inputs.length === undefined ? [] : wholeFaults(inputs, "length", 1)),
        make(inputs) {
            const { length = 2, prefix } = inputs;
            const separator = textOr(inputs.separator, "-");
            const name = petName(Number(length), separator);
            const isPrefixed = typeof prefix === "string" && prefix !== "";
            return { id: isPrefixed ? prefix + separator + name : name, outputs: { length, separator } };
        },
    }),
];
