#include "core/base/hash.h"

#include "core/base/check.h"

#include <array>

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace likeness {

void Sha256::Free::operator()(evp_md_ctx_st* state) const {
    EVP_MD_CTX_free(state);
}

Sha256::State Sha256::make_state() {
    // Nothing of the machine's settings for OpenSSL (engines, providers) comes into this program.
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    State state(EVP_MD_CTX_new());
    LIKENESS_CHECK(state != nullptr, "no memory for a hash");
    return state;
}

Sha256::Sha256() : state_(make_state()) {
    LIKENESS_CHECK(EVP_DigestInit_ex(state_.get(), EVP_sha256(), nullptr) == 1, "no SHA-256");
}

void Sha256::add(std::span<const std::byte> bytes) {
    LIKENESS_CHECK(EVP_DigestUpdate(state_.get(), bytes.data(), bytes.size()) == 1, "SHA-256");
}

std::string Sha256::hex() const {
    const State end = make_state(); // this one may go on
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    LIKENESS_CHECK(EVP_MD_CTX_copy_ex(end.get(), state_.get()) == 1 &&
                       EVP_DigestFinal_ex(end.get(), digest.data(), &size) == 1,
                   "SHA-256");
    constexpr const char* kDigits = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        text += kDigits[digest[i] >> 4U];
        text += kDigits[digest[i] & 15U];
    }
    return text;
}

std::string sha256(std::span<const std::byte> bytes) {
    Sha256 hash;
    hash.add(bytes);
    return hash.hex();
}

} // namespace likeness
