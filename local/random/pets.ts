import { createDraw } from "./draw";

const words = (text: string) => text.split(" ");

const adverbs = words(
    "badly boldly briefly brightly calmly deeply early fairly freely gladly greatly kindly loudly neatly",
);
const adjectives = words(
    "able amazing big bold brave bright calm charming civil clever cool eager fair fast fine fresh gentle glad golden " +
        "grand happy honest huge kind large loyal lucky merry modest neat noble patient proud quick quiet rapid ready",
);
const animals = words(
    "ant badger bass bear beetle bison boar buck calf cat clam cobra cod colt cow crab crane crow deer dingo dog dove " +
        "duck eagle eel elk emu falcon fawn finch fox frog gecko goat goose gull hare hawk heron horse husky koala lamb " +
        "lark lion llama lynx mole moose mouse newt otter owl panda pig pony puma ram raven seal shark sheep snail swan",
);

const draw = createDraw();
const pick = (list: readonly string[]) => list[draw(list.length)]!;

/** A name of an animal, with an adjective before it, and adverbs before that. */
export function petName(length: number, separator: string): string {
    const more = Array.from({ length: Math.max(0, length - 2) }, () => pick(adverbs));
    return [...more, ...(length > 1 ? [pick(adjectives)] : []), pick(animals)].join(separator);
}
