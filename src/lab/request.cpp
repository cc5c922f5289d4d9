#include "lab/request.hpp"

namespace keytide::lab {

const std::string* Request::header(std::string_view name) const {
    for (const auto& field : headers)
        if (signature::same_header_name(field.name, name)) return &field.value;
    return nullptr;
}

}  // namespace keytide::lab
