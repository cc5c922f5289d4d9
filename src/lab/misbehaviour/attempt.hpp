// A request as far as it can be told before anything of it is believed: what is asked, and by whose key.
#pragma once

#include <string>

namespace keytide::lab::misbehaviour {

struct Attempt {
    std::string service;        // iam, sts, s3, cloudformation
    std::string action;         // CreateAccessKey, ListBuckets… as SDKs name it
    std::string access_key_id;  // empty: unsigned
    std::string user_name;      // of the key's owner; empty: root, or nobody's key
    std::string arn;            // of the key's owner; empty: nobody's key
};

}  // namespace keytide::lab::misbehaviour
