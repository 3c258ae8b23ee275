import type { Properties } from "../engine/values";
import { createDraw, shuffle } from "./draw";
import { wholeFaults } from "./handler";

const lowerCase = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const specialCharacters = "!@#$%&*()-_=+[]{}<>:?";
const draw = createDraw();

interface CharacterClass {
    characters: string;
    wanted: boolean;
    minimum: number;
}

/** Inputs of a password and of a string, besides `keepers`. */
export const textInputs = [
    ...["length", "lower", "minLower", "minNumeric", "minSpecial", "minUpper"],
    ...["number", "numeric", "overrideSpecial", "special", "upper"],
];

function flag(inputs: Properties, name: string): boolean {
    return inputs[name] !== false;
}

function count(inputs: Properties, name: string): number {
    const value = inputs[name];
    return typeof value === "number" ? value : 0;
}

function pick(characters: string): string {
    return characters[draw(characters.length)]!;
}

function characterClasses(inputs: Properties): CharacterClass[] {
    const { overrideSpecial } = inputs;
    const special = typeof overrideSpecial === "string" && overrideSpecial !== "" ? overrideSpecial : specialCharacters;
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
    return shuffle(text, draw).join("");
}

export function checkText(inputs: Properties): string[] {
    const classes = characterClasses(inputs);
    const least = classes.reduce((sum, { minimum }) => sum + minimum, 0);
    const faults = wholeFaults(inputs, "length", 1);
    if (faults.length === 0 && least > count(inputs, "length")) {
        faults.push(`length is ${String(inputs.length)}: it must be at least ${least}, the sum of the minimum counts`);
    }
    if (!classes.some(({ wanted }) => wanted)) {
        faults.push("lower, upper, numeric and special are all false: at least one must be true");
    }
    return faults;
}

export function textOutputs(inputs: Properties): Properties & { result: string } {
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
