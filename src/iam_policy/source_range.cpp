#include "iam_policy/source_range.hpp"

#include <string>

namespace keytide::iam_policy {
namespace {

// Walks over the braces, brackets and strings of well-formed JSON; the rest needs no look.
class Walk {
public:
    explicit Walk(std::string_view json) : json_(json) {}

    std::vector<SourceRange> ranges() {
        while (at_ < json_.size()) step();
        return std::move(ranges_);
    }

private:
    void step() {
        const char c = json_[at_];
        if (c == '"') return skip_string();
        advance();
        if (c == '{' || c == '[') {
            // Inside "Statement": the one object, or the objects of the one array.
            if (c == '{' && in_statements_ && depth_ == depth_of_statements_) start_ = here_;
            if (c == '[' && in_statements_ && depth_ == 1) depth_of_statements_ = 2;
            ++depth_;
        } else if (c == '}' || c == ']') {
            --depth_;
            if (c == '}' && in_statements_ && depth_ == depth_of_statements_)
                ranges_.push_back({start_, here_});
        } else if (c == ',' && depth_ == 1) {
            in_statements_ = false;
            is_key_ = true;
        } else if (c == ':' && depth_ == 1) {
            in_statements_ = key_ == "Statement";
            depth_of_statements_ = 1;
            is_key_ = false;
        }
    }

    void skip_string() {
        std::string text;
        advance();
        while (at_ < json_.size() && json_[at_] != '"') {
            if (json_[at_] == '\\') text += take();
            text += take();
        }
        advance();
        if (depth_ == 1 && is_key_) key_ = text;
    }

    char take() {
        const char c = at_ < json_.size() ? json_[at_] : '\0';
        advance();
        return c;
    }

    void advance() {
        if (at_ >= json_.size()) return;
        const auto c = static_cast<unsigned char>(json_[at_]);
        if (c == '\n')
            here_ = {here_.line + 1, 1};
        else if ((c & 0xc0) != 0x80)  // a character, not what goes on one in UTF-8
            ++here_.column;
        ++at_;
    }

    std::string_view json_;
    std::size_t at_ = 0;
    Position here_{1, 1};
    int depth_ = 0;
    bool is_key_ = true;
    bool in_statements_ = false;
    int depth_of_statements_ = 1;
    std::string key_;
    Position start_;
    std::vector<SourceRange> ranges_;
};

}  // namespace

std::vector<SourceRange> statement_ranges(std::string_view json) {
    return Walk(json).ranges();
}

}  // namespace keytide::iam_policy
