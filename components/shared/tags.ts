import { type Rule, show } from "./checks";

const limits = { count: 50, name: 512, value: 256 };

/** Azure's limits on tags. */
export const tagsRule: Rule<Record<string, unknown>> = (tags) => {
    const names = Object.keys(tags);
    if (names.length > limits.count) {
        return `${names.length} tags are too many. Allowed: ${limits.count} at most.`;
    }
    const badName = names.find((name) => name === "" || name.length > limits.name || /[<>%&\\?/]/.test(name));
    if (badName !== undefined) {
        return `${show(badName)} is not a valid tag name. Allowed: 1-${limits.name} characters without < > % & \\ ? /.`;
    }
    const badValue = names.find((name) => {
        const value = tags[name];
        return typeof value === "string" && value.length > limits.value;
    });
    return badValue === undefined
        ? undefined
        : `the value of tag ${show(badValue)} is too long. Allowed: ${limits.value} characters at most.`;
};
