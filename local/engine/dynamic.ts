import { type ChildProcess, spawn } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
    CheckRequest,
    type CheckResponse,
    ConfigureRequest,
    CreateRequest,
    type CreateResponse,
    DeleteRequest,
    DiffRequest,
    DiffResponse,
    UpdateRequest,
    type UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { endWithUs } from "../../emulator/core/endWithUs";
import { readLines } from "../../emulator/core/lines";
import { CheckError, type Handler } from "./handler";
import type { Handlers } from "./handlers";
import { InitFailedError, readInitFailure } from "./initFailed";
import { findInSdk } from "./program";
import { type Project, placeOfProgram } from "./project";
import { decode, encode, type Properties } from "./values";

/** The provider of a program's dynamic resources, whose code the resources carry in their inputs. */
export interface DynamicProvider {
    /** The handlers, with one for each dynamic type. */
    over(handlers: Handlers): Handlers;
    close(): void;
}

export interface DynamicOptions {
    project: Project;
    stack: string;
    /** Config of the stack, by full key. */
    config: Record<string, string>;
    preview: boolean;
    /** Called for each line that the code of a resource prints. */
    onLine(line: string): void;
}

/** Name of the input and output that holds the code of a resource. */
const codeKey = "__provider";

type Done<T> = (error: grpc.ServiceError | null, answer: T) => void;

interface Server {
    child: ChildProcess;
    client: ResourceProviderClient;
}

const toStruct = (values: Properties) => encode({ values, secrets: [] });

export function isDynamic(type: string): boolean {
    return type.startsWith("pulumi-nodejs:dynamic");
}

/** Starts the SDK's own provider, as the Pulumi CLI does: it prints its port, and then what the code of resources prints. */
function startServer({ project, stack, config, preview, onLine }: DynamicOptions): Promise<Server> {
    const { cwd } = placeOfProgram(project);
    // The provider wants the address of an engine, and never calls it.
    const child = spawn(process.execPath, [findInSdk(cwd, "cmd/dynamic-provider"), "none"], {
        cwd,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
            ...process.env,
            PULUMI_CONFIG: JSON.stringify(config),
            PULUMI_NODEJS_PROJECT: project.name,
            PULUMI_NODEJS_STACK: stack,
            PULUMI_NODEJS_DRY_RUN: String(preview),
        },
    });
    endWithUs(child);
    readLines(child.stderr, onLine);
    return new Promise((resolve, reject) => {
        let started = false;
        child.once("error", reject);
        child.once("close", (code, signal) =>
            reject(new Error(`the provider of dynamic resources ended with ${code ?? signal} before it served`)),
        );
        readLines(child.stdout, (line) => {
            if (started) {
                return onLine(line);
            }
            started = true;
            const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
            const address = `127.0.0.1:${line}`;
            resolve({
                child,
                client: new ResourceProviderClient(address, grpc.credentials.createInsecure(), unlimited),
            });
        });
    });
}

/** Serves the dynamic resources of one update. The SDK's provider starts with the first of them. */
export function createDynamicProvider(options: DynamicOptions): DynamicProvider {
    let server: Promise<Server> | undefined;

    async function send<T>(to: (client: ResourceProviderClient, done: Done<T>) => unknown): Promise<T> {
        const { client } = await server!;
        return new Promise((resolve, reject) =>
            to(client, (error, answer) => {
                if (error === null) {
                    return resolve(answer);
                }
                const isGone = error.code === grpc.status.UNAVAILABLE;
                const reason = isGone ? "its code ended the process of the provider" : error.details;
                return reject(readInitFailure(error) ?? new Error(reason));
            }),
        );
    }

    async function call<T>(to: (client: ResourceProviderClient, done: Done<T>) => unknown): Promise<T> {
        server ??= startServer(options).then(async (started) => {
            server = Promise.resolve(started);
            const request = new ConfigureRequest().setArgs(toStruct(options.config)).setAcceptsecrets(false);
            await send((client, done) => client.configure(request, done));
            return started;
        });
        await server;
        return send(to);
    }

    /** What an error tells of a resource that exists lacks the code, without which nothing can delete the resource. */
    async function withCode<T>({ [codeKey]: code }: Properties, work: Promise<T>): Promise<T> {
        try {
            return await work;
        } catch (error) {
            if (error instanceof InitFailedError && code !== undefined) {
                error.made.outputs[codeKey] = code;
            }
            throw error;
        }
    }

    const handlerOf = (type: string): Handler => ({
        token: type,
        replaceOn: [],
        id: () => "",
        check: ({ inputs }) => inputs,
        planned: () => ({}),
        provider: {
            async check({ inputs, before }) {
                const request = new CheckRequest().setOlds(toStruct(before ?? {})).setNews(toStruct(inputs));
                const answer = await call<CheckResponse>((client, done) => client.check(request, done));
                const faults = answer
                    .getFailuresList()
                    .map((fault) => [fault.getProperty(), fault.getReason()].filter(Boolean).join(": "));
                if (faults.length > 0) {
                    throw new CheckError(faults);
                }
                return decode(answer.getInputs()).values;
            },
            async compare({ inputs, before }) {
                const request = new DiffRequest()
                    .setId(before.id)
                    .setOlds(toStruct(before.outputs))
                    .setOldInputs(toStruct(before.inputs))
                    .setNews(toStruct(inputs));
                const answer = await call<DiffResponse>((client, done) => client.diff(request, done));
                const changes = answer.getChanges();
                return {
                    ...(changes !== DiffResponse.DiffChanges.DIFF_UNKNOWN && {
                        changes: changes === DiffResponse.DiffChanges.DIFF_SOME,
                    }),
                    replaces: answer.getReplacesList().length > 0,
                    deleteFirst: answer.getDeletebeforereplace(),
                };
            },
        },
        async create({ inputs }) {
            const request = new CreateRequest().setProperties(toStruct(inputs));
            const answer = await withCode(
                inputs,
                call<CreateResponse>((client, done) => client.create(request, done)),
            );
            if (answer.getId() === "") {
                throw new Error("its create function returned no id");
            }
            return { id: answer.getId(), outputs: decode(answer.getProperties()).values };
        },
        async update({ inputs, before }) {
            const request = new UpdateRequest()
                .setId(before.id)
                .setOlds(toStruct(before.outputs))
                .setNews(toStruct(inputs));
            const answer = await withCode(
                inputs,
                call<UpdateResponse>((client, done) => client.update(request, done)),
            );
            return { id: before.id, outputs: decode(answer.getProperties()).values };
        },
        resume: async ({ before }) => before,
        async remove({ made }) {
            const request = new DeleteRequest().setId(made.id).setProperties(toStruct(made.outputs));
            await call((client, done) => client.delete(request, done));
        },
    });

    return {
        over: (handlers) => ({
            ...handlers,
            get: (type) => (isDynamic(type) ? handlerOf(type) : handlers.get(type)),
        }),
        close() {
            server?.then(
                ({ child, client }) => {
                    client.close();
                    child.kill("SIGKILL");
                },
                () => undefined,
            );
        },
    };
}
