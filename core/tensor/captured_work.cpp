#include "core/tensor/captured_work.h"

#include "core/base/check.h"
#include "core/tensor/device.h"

#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include <dlfcn.h>

namespace likeness {

namespace {

// The part of at::cuda::CUDAGraph (ATen/cuda/CUDAGraph.h) that is used, by its symbols: the header
// wants CUDA's own, which the set-up does not have.
struct GraphApi {
    using PoolId = std::pair<unsigned long long, unsigned long long>;

    void (*construct)(void*, bool keep_graph);
    void (*destroy)(void*);
    void (*capture_begin)(void*, PoolId pool, int mode);
    void (*capture_end)(void*);
    void (*replay)(void*);
    PoolId (*new_pool)();

    static std::optional<GraphApi> open() {
        void* const library =
            has_cuda() ? dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_NOLOAD) : nullptr;
        if (library == nullptr) {
            return std::nullopt;
        }
        GraphApi api{};
        bool whole = true;
        const auto find = [&](auto& into, const char* name) {
            void* const symbol = dlsym(library, name);
            whole = whole && symbol != nullptr;
            into = reinterpret_cast<std::remove_reference_t<decltype(into)>>(symbol);
        };
        find(api.construct, "_ZN2at4cuda9CUDAGraphC1Eb");
        find(api.destroy, "_ZN2at4cuda9CUDAGraphD1Ev");
        find(api.capture_begin,
             "_ZN2at4cuda9CUDAGraph13capture_beginESt4pairIyyE21cudaStreamCaptureMode");
        find(api.capture_end, "_ZN2at4cuda9CUDAGraph11capture_endEv");
        find(api.replay, "_ZN2at4cuda9CUDAGraph6replayEv");
        find(api.new_pool, "_ZN2at4cuda17graph_pool_handleEv");
        return whole ? std::optional(api) : std::nullopt;
    }
};

const std::optional<GraphApi>& graph_api() {
    static const auto api = GraphApi::open();
    return api;
}

class CudaGraph : public CapturedWork {
public:
    CudaGraph(const GraphApi& api, at::Device device, const std::function<void()>& work)
        : api_(api) {
        constexpr int kThreadLocal = 1; // cudaStreamCaptureModeThreadLocal
        // The default stream cannot be recorded.
        const c10::impl::VirtualGuardImpl streams(device.type());
        const c10::Stream stream = streams.getNewStream(device);
        c10::Event ready(device.type());
        ready.record(streams.getStream(device));
        ready.block(stream);
        // One pool for all: what a graph leaves in it is read before the next one is replayed.
        static const GraphApi::PoolId pool = api_.new_pool();
        api_.construct(&graph_, false);
        try {
            const c10::StreamGuard guard(stream);
            api_.capture_begin(&graph_, pool, kThreadLocal);
            try {
                work();
            } catch (...) {
                try {
                    api_.capture_end(&graph_);
                } catch (const c10::Error&) { // what broke the recording is told instead
                }
                throw;
            }
            api_.capture_end(&graph_);
        } catch (...) {
            api_.destroy(&graph_);
            throw;
        }
    }

    CudaGraph(const CudaGraph&) = delete;
    CudaGraph& operator=(const CudaGraph&) = delete;

    ~CudaGraph() override { api_.destroy(&graph_); }

    void replay() override { api_.replay(&graph_); }

private:
    // sizeof(at::cuda::CUDAGraph) is 104 in libtorch 2.11; later ones may be larger.
    static constexpr std::size_t kRoom = 4096;

    const GraphApi& api_;
    alignas(std::max_align_t) std::array<std::byte, kRoom> graph_{};
};

} // namespace

bool can_capture_cuda() {
    return graph_api().has_value();
}

std::unique_ptr<CapturedWork> capture_cuda(at::Device device, const std::function<void()>& work) {
    LIKENESS_CHECK(can_capture_cuda(), "this libtorch cannot record work on ", device.str());
    return std::make_unique<CudaGraph>(*graph_api(), device, work);
}

} // namespace likeness
