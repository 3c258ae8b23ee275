import * as pulumi from "@pulumi/pulumi";
import * as library from "../../components";

/** Names of the components that the library exports, in order. */
export function componentNames(): string[] {
    return Object.entries(library)
        .filter(([, value]) => typeof value === "function" && value.prototype instanceof pulumi.ComponentResource)
        .map(([name]) => name)
        .sort();
}
