#include "destinations/value_file_destination.hpp"

#include <fmt/format.h>

#include "destinations/held_pair.hpp"
#include "destinations/ini_values.hpp"
#include "destinations/json_values.hpp"
#include "destinations/yaml_values.hpp"

namespace keytide::destinations {
namespace {

struct Format {
    Result<WipedString> (*value)(std::string_view text, std::string_view pointer, const std::string& where);
    Result<WipedString> (*with_value)(std::string_view text, std::string_view pointer, std::string_view value,
                                      const std::string& where);
};

Format functions_of(ValueFormat format) {
    switch (format) {
        case ValueFormat::json: return {value_in_json, json_with_value};
        case ValueFormat::yaml: return {value_in_yaml, yaml_with_value};
        case ValueFormat::ini: break;
    }
    return {value_in_ini, ini_with_value};
}

class ValueText final : public KeyText {
public:
    ValueText(std::string path, ValueFormat format, std::string id, std::string secret)
        : path_(std::move(path)),
          format_(functions_of(format)),
          id_(std::move(id)),
          secret_(std::move(secret)) {}

    Result<std::optional<AccessKey>> read(std::string_view text) const override {
        const auto id = format_.value(text, id_, path_);
        if (!id) return std::unexpected(id.error());
        const auto secret = format_.value(text, secret_, path_);
        if (!secret) return std::unexpected(secret.error());
        return held_pair({id_, *id}, {secret_, *secret}, path_);
    }

    Result<WipedString> write(std::string_view text, const AccessKey& key) const override {
        const auto half = format_.with_value(text, id_, key.id.text(), path_);
        if (!half) return half;
        const auto whole = format_.with_value(*half, secret_, key.secret.reveal(), path_);
        if (!whole) return whole;
        const auto written = read(*whole);
        if (!written) return std::unexpected(written.error());
        if (!*written || !(*written)->same_as(key))
            return usage_error(fmt::format("the key cannot be written to {}", path_),
                               "change the file by hand");
        return whole;
    }

private:
    std::string path_;
    Format format_;
    std::string id_, secret_;
};

}  // namespace

std::unique_ptr<KeyText> value_text(std::string path, ValueFormat format, std::string id,
                                    std::string secret) {
    return std::make_unique<ValueText>(std::move(path), format, std::move(id), std::move(secret));
}

}  // namespace keytide::destinations
