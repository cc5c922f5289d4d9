// Chance that can be had again: the n-th lot of a seed is always the same, whatever else is drawn.
#pragma once

#include <cstdint>

namespace keytide::lab::misbehaviour {

// The finaliser of SplitMix64, whose every input bit moves every output bit.
// https://prng.di.unimi.it/splitmix64.c
constexpr std::uint64_t lot(std::uint64_t seed, std::uint64_t number) {
    std::uint64_t z = seed + (number + 1) * 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

// The same from 0 up to, and without, 1.
constexpr double share(std::uint64_t seed, std::uint64_t number) {
    return double(lot(seed, number) >> 11) * 0x1p-53;
}

}  // namespace keytide::lab::misbehaviour
