import { InputError, readRoom } from "../../shared/input";

const maxRooms = 16;

export function readRooms(value: unknown): string[] {
    if (!Array.isArray(value) || value.length === 0 || value.length > maxRooms) {
        throw new InputError(`rooms must be an array of 1 to ${maxRooms} rooms`);
    }
    return [...new Set(value.map((room) => readRoom(room)))];
}
