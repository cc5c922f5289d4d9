// Rotates a key of keytide.yaml from a C++ program.
//
// usage: rotate PROGRAM NAME    PROGRAM is keytide; ends with keytide's exit code.
#include <iostream>
#include <keytide/keytide.hpp>

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    keytide::library::Options options;
    options.program = argv[1];

    // What an earlier run left is gone on with first.
    for (const auto& rotation : keytide::library::status(options).rotations)
        std::cout << rotation.id << " has not ended: " << rotation.result << "\n";
    keytide::library::resume(options, "");

    keytide::library::Wish wish;
    wish.name = argv[2];
    const auto outcome = keytide::library::rotate(options, wish);
    if (outcome.error) std::cerr << outcome.error->message << "\n" << outcome.error->hint << "\n";
    for (const auto& rotation : outcome.rotations) {
        std::cout << rotation.user_name << ": " << rotation.old_access_key_id << " -> "
                  << rotation.new_access_key_id << ", " << rotation.result << "\n";
        if (!rotation.question.empty()) std::cout << "somebody is asked: " << rotation.question << "\n";
    }
    return outcome.exit_code;
}
