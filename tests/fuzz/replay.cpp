#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

// Runs a fuzz target over the files of folders, once: so that it cannot rot where there is no
// libFuzzer. Every prefix of a small file is tried too.
int main(int count, char** folders) {
    constexpr std::size_t kSmall = 512;
    std::size_t tried = 0;
    for (int i = 1; i < count; ++i) {
        for (const auto& entry : std::filesystem::directory_iterator(folders[i])) {
            if (!entry.is_regular_file()) {
                continue;
            }
            std::ifstream file(entry.path(), std::ios::binary);
            const std::vector<char> bytes((std::istreambuf_iterator<char>(file)),
                                          std::istreambuf_iterator<char>());
            for (std::size_t size = bytes.size() < kSmall ? 0 : bytes.size(); size <= bytes.size();
                 ++size) {
                // A copy of exactly that size: what reads past it reads past an allocation.
                const std::vector<char> cut(bytes.begin(),
                                            bytes.begin() + static_cast<std::ptrdiff_t>(size));
                LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(cut.data()), size);
            }
            ++tried;
        }
    }
    std::printf("%zu files\n", tried);
    return tried > 0 ? 0 : 1;
}
