// The latest records of one kind, older ones being forgotten. Two are added with every request and few are
// ever read, so each is packed into one string, and takes over the room of the one that it displaces.
//
// A Record holds numbers, instants and views of texts, and names them all to a visitor:
//     template <class Self, class Visit>
//     static void each_field(Self& self, Visit&& visit);
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace keytide::lab {

template <class Record>
class LatestRecords {
public:
    explicit LatestRecords(std::size_t capacity) : capacity_(capacity) {}

    void add(const Record& record) {
        std::string room;
        if (packed_.size() >= capacity_) {
            room = std::move(packed_.front());
            packed_.pop_front();
        }
        std::size_t size = 0;
        Record::each_field(record, [&](const auto& field) { size += size_of(field); });
        if (room.capacity() / 4 > size) room = std::string();  // of one that was unusually long
        room.resize(size);
        char* at = room.data();
        Record::each_field(record, [&](const auto& field) { pack(field, at); });
        packed_.push_back(std::move(room));
    }

    std::size_t size() const { return packed_.size(); }
    void clear() { packed_.clear(); }

    // 0: the oldest. Its texts are good until the next record is added.
    Record operator[](std::size_t index) const {
        Record record;
        const char* at = packed_[index].data();
        Record::each_field(record, [&](auto& field) { unpack(field, at); });
        return record;
    }

private:
    template <class Number>
    static std::size_t size_of(const Number&) {
        return sizeof(Number);
    }
    static std::size_t size_of(std::string_view text) { return sizeof(std::uint32_t) + text.size(); }

    template <class Number>
    static void pack(const Number& number, char*& at) {
        static_assert(std::is_trivially_copyable_v<Number>);
        std::memcpy(at, &number, sizeof number);
        at += sizeof number;
    }
    static void pack(std::string_view text, char*& at) {
        pack(std::uint32_t(text.size()), at);
        std::copy(text.begin(), text.end(), at);
        at += text.size();
    }
    template <class Number>
    static void unpack(Number& number, const char*& at) {
        std::memcpy(static_cast<void*>(&number), at, sizeof number);
        at += sizeof number;
    }
    static void unpack(std::string_view& text, const char*& at) {
        std::uint32_t size = 0;
        unpack(size, at);
        text = {at, size};
        at += size;
    }

    std::size_t capacity_;
    std::deque<std::string> packed_;
};

}  // namespace keytide::lab
