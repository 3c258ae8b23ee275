/** JSON texts that change when JavaScript reads and writes them again. */
export const awkwardJson = [
    "9007199254740993",
    "-9223372036854775808",
    "18446744073709551615",
    "1.0",
    "1e400",
    "-0",
    "0.10000000000000000000001",
    '{"a":1,"a":2}',
    '{"2":0,"1":0}',
    '{"__proto__":{"a":1}}',
    '"\\u00e9\\/\\ud800"',
    "[ 1.50 ,\t2 ]",
    '{"data":[{"data":"},{"}],"x":"\\\\\\"]"}',
];
