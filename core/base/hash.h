#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

struct evp_md_ctx_st; // OpenSSL's

namespace likeness {

// SHA-256 of content that comes piece by piece, with the processor's own instructions for it where
// it has them.
class Sha256 {
public:
    Sha256();
    void add(std::span<const std::byte> bytes);
    std::string hex() const; // lower case

private:
    struct Free {
        void operator()(evp_md_ctx_st* state) const;
    };

    using State = std::unique_ptr<evp_md_ctx_st, Free>;
    static State make_state();

    State state_;
};

// SHA-256 in lower-case hex: the content hash of references and files.
std::string sha256(std::span<const std::byte> bytes);

} // namespace likeness
