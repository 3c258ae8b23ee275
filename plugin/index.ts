// The component provider that Pulumi starts for programs in other languages. Its schema is stored beside this file.
import type { ComponentResource, ComponentResourceOptions, Inputs } from "@pulumi/pulumi";
import { main, type Provider } from "@pulumi/pulumi/provider";
import * as library from "../components";
import { description, version } from "../package.json";
import schema from "./schema.json";

type Component = new (name: string, args: Inputs, options: ComponentResourceOptions) => ComponentResource;

const exported = new Map<string, unknown>(Object.entries(library));
const outputs = new Map(
    Object.entries(schema.resources).map(([type, { properties }]) => [type, Object.keys(properties)]),
);

const provider: Provider = {
    version,
    schema: JSON.stringify({ ...schema, version, description }),
    async construct(name, type, inputs, options) {
        const names = outputs.get(type);
        if (names === undefined) {
            throw new Error(
                `${type} is not a component of this package. Its components are ${[...outputs.keys()].join(", ")}`,
            );
        }
        const Class = exported.get(type.split(":")[2] ?? "") as Component;
        const component = new Class(name, inputs, options);
        const state = new Map<string, unknown>(Object.entries(component));
        return { urn: component.urn, state: Object.fromEntries(names.map((output) => [output, state.get(output)])) };
    },
};

void main(provider, process.argv.slice(2));
