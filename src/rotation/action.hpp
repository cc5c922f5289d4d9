// What to do next. An action is done by the orchestrator, and nothing else touches the outside world.
#pragma once

#include <variant>

#include "rotation/event.hpp"

namespace keytide::rotation {

struct Inspect {};    // list the keys, read the destinations
struct CreateKey {};  // one CreateAccessKey, after its intent
struct ProbeKey {
    Which key;
    std::size_t probe;
};  // one call with that key
struct SealOldValue {
    std::size_t destination;
};
struct Deliver {
    std::size_t destination;
};                       // write, then read back
struct TakeEvidence {};  // afresh: the incoming key is accepted, held, and listed
struct AskLastUse {};    // of both keys
struct AskHandOuts {};   // of the outgoing key
struct SetStatus {
    KeyStatus status;
};  // one UpdateAccessKey of OLD, after its intent
struct DeleteKey {
    Which target;
    AccessKeyId key;
};  // one DeleteAccessKey, after its intent
struct Conclude {
    Event event;
};  // nothing outside: write down what follows from the record
struct Wait {
    Instant until;
};  // at most a minute
struct Park {
    Parked parked;
};  // stop; resumable
struct Ask {
    NeedsPerson question;
};  // stop; a person decides
struct AskForCode {
    NeedsMfa question;
};               // stop; whoever has the MFA device gives a code
struct Stop {};  // it has ended

using Action = std::variant<Inspect, CreateKey, ProbeKey, SealOldValue, Deliver, TakeEvidence, AskLastUse,
                            AskHandOuts, SetStatus, DeleteKey, Conclude, Wait, Park, Ask, AskForCode, Stop>;

}  // namespace keytide::rotation
