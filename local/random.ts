import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { CheckError, type Handler } from "./engine/handler";
import { isObject, type Properties } from "./engine/values";

const lowerCase = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const specialCharacters = "!@#$%&*()-_=+[]{}<>:?";

interface CharacterClass {
    characters: string;
    wanted: boolean;
    minimum: number;
}

function flag(inputs: Properties, name: string): boolean {
    return inputs[name] !== false;
}

function count(inputs: Properties, name: string): number {
    const value = inputs[name];
    return typeof value === "number" ? value : 0;
}

function pick(characters: string): string {
    return characters[randomInt(characters.length)]!;
}

function characterClasses(inputs: Properties): CharacterClass[] {
    const special = typeof inputs.overrideSpecial === "string" ? inputs.overrideSpecial : specialCharacters;
    const numeric = inputs.numeric !== undefined ? flag(inputs, "numeric") : flag(inputs, "number");
    return [
        { characters: lowerCase, wanted: flag(inputs, "lower"), minimum: count(inputs, "minLower") },
        { characters: lowerCase.toUpperCase(), wanted: flag(inputs, "upper"), minimum: count(inputs, "minUpper") },
        { characters: digits, wanted: numeric, minimum: count(inputs, "minNumeric") },
        { characters: special, wanted: flag(inputs, "special"), minimum: count(inputs, "minSpecial") },
    ];
}

function randomText(inputs: Properties): string {
    const classes = characterClasses(inputs);
    const all = classes.map(({ characters, wanted }) => (wanted ? characters : "")).join("");
    const text = classes.flatMap(({ characters, minimum }) => Array.from({ length: minimum }, () => pick(characters)));
    while (text.length < count(inputs, "length")) {
        text.push(pick(all));
    }
    for (let last = text.length - 1; last > 0; last--) {
        const other = randomInt(last + 1);
        [text[last], text[other]] = [text[other]!, text[last]!];
    }
    return text.join("");
}

function checkText(inputs: Properties): string[] {
    const classes = characterClasses(inputs);
    const least = classes.reduce((sum, { minimum }) => sum + minimum, 0);
    const faults: string[] = [];
    if (!Number.isInteger(inputs.length) || count(inputs, "length") < 1) {
        faults.push(`length is ${String(inputs.length)}: it must be a whole number of at least 1`);
    } else if (least > count(inputs, "length")) {
        faults.push(`length is ${String(inputs.length)}: it must be at least ${least}, the sum of the minimum counts`);
    }
    if (!classes.some(({ wanted }) => wanted)) {
        faults.push("lower, upper, numeric and special are all false: at least one must be true");
    }
    return faults;
}

interface RandomKind {
    type: string;
    /** Names of the inputs besides `keepers`; every one is an output too. */
    inputNames: string[];
    /** Names of the other outputs. */
    results: string[];
    secretOutputs?: string[];
    faults(inputs: Properties): string[];
    make(inputs: Properties): { id: string; outputs: Properties };
}

const textInputs = [
    ...["length", "lower", "minLower", "minNumeric", "minSpecial", "minUpper"],
    ...["number", "numeric", "overrideSpecial", "special", "upper"],
];

function randomHandler({ type, inputNames, results, secretOutputs, faults, make }: RandomKind): Handler {
    const inputs = ["keepers", ...inputNames];
    return {
        token: `random:index/${type}:${type.charAt(0).toUpperCase()}${type.slice(1)}`,
        // Every input affects the value, so any change replaces the resource.
        replaceOn: ["*"],
        ...(secretOutputs && { secretOutputs }),
        inputNames: () => inputs,
        outputNames: () => [...inputs, ...results],
        check({ inputs }) {
            const found = faults(inputs);
            if (isObject(inputs.keepers) || inputs.keepers === undefined) {
                if (found.length > 0) {
                    throw new CheckError(found);
                }
                return inputs;
            }
            throw new CheckError([...found, "keepers must be a map of texts"]);
        },
        id: () => "",
        planned: (inputs) => inputs,
        create: async ({ inputs }) => {
            const { id, outputs } = make(inputs);
            return { id, outputs: { ...inputs, ...outputs } };
        },
        update: async ({ before }) => before,
        resume: async ({ before }) => before,
        remove: async () => {},
    };
}

function textOutputs(inputs: Properties): Properties {
    const [lower, upper, numeric, special] = characterClasses(inputs);
    return {
        lower: lower!.wanted,
        upper: upper!.wanted,
        numeric: numeric!.wanted,
        number: numeric!.wanted,
        special: special!.wanted,
        minLower: lower!.minimum,
        minUpper: upper!.minimum,
        minNumeric: numeric!.minimum,
        minSpecial: special!.minimum,
        result: randomText(inputs),
    };
}

function checkByteLength(inputs: Properties): string[] {
    return count(inputs, "byteLength") < 1 ? [`byteLength is ${String(inputs.byteLength)}: it must be at least 1`] : [];
}

/** The supported resource types of `@pulumi/random`. */
export const randomHandlers: Handler[] = [
    randomHandler({
        type: "randomPassword",
        inputNames: textInputs,
        results: ["result", "bcryptHash"],
        secretOutputs: ["result", "bcryptHash"],
        faults: checkText,
        make: (inputs) => ({ id: "none", outputs: textOutputs(inputs) }),
    }),
    randomHandler({
        type: "randomString",
        inputNames: textInputs,
        results: ["result"],
        faults: checkText,
        make(inputs) {
            const outputs = textOutputs(inputs);
            return { id: String(outputs.result), outputs };
        },
    }),
    randomHandler({
        type: "randomUuid",
        inputNames: [],
        results: ["result"],
        faults: () => [],
        make() {
            const result = randomUUID();
            return { id: result, outputs: { result } };
        },
    }),
    randomHandler({
        type: "randomId",
        inputNames: ["byteLength", "prefix"],
        results: ["hex", "b64Url", "b64Std", "dec"],
        faults: checkByteLength,
        make(inputs) {
            const bytes = randomBytes(count(inputs, "byteLength"));
            const prefix = typeof inputs.prefix === "string" ? inputs.prefix : "";
            const hex = prefix + bytes.toString("hex");
            const b64Url = prefix + bytes.toString("base64url");
            const dec = prefix + BigInt(`0x${bytes.toString("hex")}`).toString();
            return { id: b64Url, outputs: { hex, b64Url, b64Std: prefix + bytes.toString("base64"), dec } };
        },
    }),
];
