#pragma once

namespace likeness {

// CUDA C++, compiled by NVRTC when the first norm runs. x lies [B, HW, C]; C is a multiple of 8, so
// that a thread reads 8 channels of one place (16 bytes) at a time. Sums are taken in a fixed
// order: the same bytes each time. Every kernel runs with 256 threads a block; `pieces` blocks
// share the places of one picture.
//   coefficients [B, C, 2]: the norm as a x + b.
inline constexpr const char* kGroupNormKernels = R"(
typedef unsigned int u32;
typedef unsigned short u16;

struct Eight { float v[8]; };

#if BFLOAT16
__device__ float to_float(u16 x) { return __uint_as_float((u32)x << 16); }
__device__ u16 from_float(float x) { u16 y; asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(y) : "f"(x)); return y; }
#else
__device__ float to_float(u16 x) { float y; asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x)); return y; }
__device__ u16 from_float(float x) { u16 y; asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y) : "f"(x)); return y; }
#endif

__device__ Eight load(const u16* at) {
    const uint4 raw = *reinterpret_cast<const uint4*>(at);
    const u32 words[4] = {raw.x, raw.y, raw.z, raw.w};
    Eight out;
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        out.v[2 * i] = to_float((u16)(words[i] & 0xffff));
        out.v[2 * i + 1] = to_float((u16)(words[i] >> 16));
    }
    return out;
}

__device__ void store(u16* at, const Eight& x) {
    u32 words[4];
    #pragma unroll
    for (int i = 0; i < 4; ++i) {
        words[i] = (u32)from_float(x.v[2 * i]) | ((u32)from_float(x.v[2 * i + 1]) << 16);
    }
    *reinterpret_cast<uint4*>(at) = make_uint4(words[0], words[1], words[2], words[3]);
}

// d silu(z) / dz, and silu itself.
__device__ float sigmoid(float z) { return 1.0f / (1.0f + __expf(-z)); }

// Which places and channels a thread works on.
struct Walk {
    int columns, rows, row, channel, begin, end;
    bool idle;
    __device__ Walk(int places, int channels) {
        columns = channels / 8;
        rows = blockDim.x / columns;
        row = threadIdx.x / columns;
        channel = 8 * (threadIdx.x % columns);
        const int share = (places + gridDim.x - 1) / gridDim.x;
        begin = blockIdx.x * share;
        end = min(begin + share, places);
        idle = row >= rows;
    }
};

// Adds up what the threads of a block hold for each channel, in order, and writes [C, 2] of it.
__device__ void write_sums(const Walk& walk, const Eight& first, const Eight& second, int channels,
                           float* out) {
    __shared__ float held[256 * 16];
    #pragma unroll
    for (int i = 0; i < 8; ++i) {
        held[threadIdx.x * 16 + 2 * i] = first.v[i];
        held[threadIdx.x * 16 + 2 * i + 1] = second.v[i];
    }
    __syncthreads();
    for (int c = threadIdx.x; c < channels; c += blockDim.x) {
        float a = 0.0f, b = 0.0f;
        for (int r = 0; r < walk.rows; ++r) {
            const float* at = held + (r * walk.columns + c / 8) * 16 + 2 * (c % 8);
            a += at[0];
            b += at[1];
        }
        out[2 * c] = a;
        out[2 * c + 1] = b;
    }
}

// partial [B, pieces, C, 2]: sums of x and of x^2. Grid (pieces, B).
extern "C" __global__ void sums_forward(const u16* x, float* partial, int places, int channels) {
    const Walk walk(places, channels);
    Eight sum = {}, square = {};
    if (!walk.idle) {
        const u16* picture = x + (size_t)blockIdx.y * places * channels + walk.channel;
        for (int p = walk.begin + walk.row; p < walk.end; p += walk.rows) {
            const Eight in = load(picture + (size_t)p * channels);
            #pragma unroll
            for (int i = 0; i < 8; ++i) {
                sum.v[i] += in.v[i];
                square.v[i] += in.v[i] * in.v[i];
            }
        }
    }
    write_sums(walk, sum, square, channels,
               partial + ((size_t)blockIdx.y * gridDim.x + blockIdx.x) * channels * 2);
}

// Of each group its mean and 1 / deviation, statistics [B, C, 2] (told to every channel), and the
// coefficients. Grid B.
extern "C" __global__ void coefficients_forward(const float* partial, const u16* weight,
                                                const u16* bias, float* statistics,
                                                float* coefficients, int pieces, int places,
                                                int channels, int groups, float eps) {
    extern __shared__ float sums[]; // [C, 2]
    const float* own = partial + (size_t)blockIdx.x * pieces * channels * 2;
    for (int i = threadIdx.x; i < 2 * channels; i += blockDim.x) {
        float sum = 0.0f;
        for (int piece = 0; piece < pieces; ++piece) {
            sum += own[(size_t)piece * channels * 2 + i];
        }
        sums[i] = sum;
    }
    __syncthreads();
    const int width = channels / groups;
    for (int c = threadIdx.x; c < channels; c += blockDim.x) {
        const int from = c / width * width;
        float sum = 0.0f, square = 0.0f;
        for (int j = from; j < from + width; ++j) {
            sum += sums[2 * j];
            square += sums[2 * j + 1];
        }
        const float count = (float)width * (float)places;
        const float mean = sum / count;
        const float inverse = rsqrtf(fmaxf(square / count - mean * mean, 0.0f) + eps);
        const float a = to_float(weight[c]) * inverse;
        const size_t at = 2 * ((size_t)blockIdx.x * channels + c);
        statistics[at] = mean;
        statistics[at + 1] = inverse;
        coefficients[at] = a;
        coefficients[at + 1] = to_float(bias[c]) - mean * a;
    }
}

// y = silu(a x + b), or without silu. Grid (pieces, B).
extern "C" __global__ void apply_forward(const u16* x, const float* coefficients, u16* y,
                                         int places, int channels, int silu) {
    const Walk walk(places, channels);
    if (walk.idle) {
        return;
    }
    Eight a, b;
    const float* own = coefficients + 2 * ((size_t)blockIdx.y * channels + walk.channel);
    #pragma unroll
    for (int i = 0; i < 8; ++i) {
        a.v[i] = own[2 * i];
        b.v[i] = own[2 * i + 1];
    }
    const size_t picture = (size_t)blockIdx.y * places * channels + walk.channel;
    for (int p = walk.begin + walk.row; p < walk.end; p += walk.rows) {
        Eight in = load(x + picture + (size_t)p * channels);
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            const float z = a.v[i] * in.v[i] + b.v[i];
            in.v[i] = silu ? z * sigmoid(z) : z;
        }
        store(y + picture + (size_t)p * channels, in);
    }
}

// The gradient before the activation.
__device__ float before(float dy, float z, int silu) {
    const float s = sigmoid(z);
    return silu ? dy * s * (1.0f + z * (1.0f - s)) : dy;
}

// partial [B, pieces, C, 2]: sums of the gradient before the activation, and of it times x. Grid
// (pieces, B).
extern "C" __global__ void sums_backward(const u16* x, const u16* dy, const float* coefficients,
                                         float* partial, int places, int channels, int silu) {
    const Walk walk(places, channels);
    Eight sum = {}, product = {};
    if (!walk.idle) {
        Eight a, b;
        const float* own = coefficients + 2 * ((size_t)blockIdx.y * channels + walk.channel);
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            a.v[i] = own[2 * i];
            b.v[i] = own[2 * i + 1];
        }
        const size_t picture = (size_t)blockIdx.y * places * channels + walk.channel;
        for (int p = walk.begin + walk.row; p < walk.end; p += walk.rows) {
            const Eight in = load(x + picture + (size_t)p * channels);
            const Eight grad = load(dy + picture + (size_t)p * channels);
            #pragma unroll
            for (int i = 0; i < 8; ++i) {
                const float d = before(grad.v[i], a.v[i] * in.v[i] + b.v[i], silu);
                sum.v[i] += d;
                product.v[i] += d * in.v[i];
            }
        }
    }
    write_sums(walk, sum, product, channels,
               partial + ((size_t)blockIdx.y * gridDim.x + blockIdx.x) * channels * 2);
}

// own [B, C, 2]: what each picture adds to the gradients of weight and bias; rest [B, C, 2]: dx = a d
// + rest0 x + rest1. Grid B.
extern "C" __global__ void coefficients_backward(const float* partial, const u16* weight,
                                                 const float* statistics, float* own, float* rest,
                                                 int pieces, int places, int channels, int groups) {
    extern __shared__ float sums[]; // [C, 2]
    const float* given = partial + (size_t)blockIdx.x * pieces * channels * 2;
    for (int i = threadIdx.x; i < 2 * channels; i += blockDim.x) {
        float sum = 0.0f;
        for (int piece = 0; piece < pieces; ++piece) {
            sum += given[(size_t)piece * channels * 2 + i];
        }
        sums[i] = sum;
    }
    __syncthreads();
    const int width = channels / groups;
    for (int c = threadIdx.x; c < channels; c += blockDim.x) {
        const size_t at = 2 * ((size_t)blockIdx.x * channels + c);
        const float mean = statistics[at], inverse = statistics[at + 1];
        own[at] = inverse * (sums[2 * c + 1] - mean * sums[2 * c]);
        own[at + 1] = sums[2 * c];
        const int from = c / width * width;
        float first = 0.0f, second = 0.0f;
        for (int j = from; j < from + width; ++j) {
            const float gamma = to_float(weight[j]);
            first += gamma * sums[2 * j];
            second += gamma * inverse * (sums[2 * j + 1] - mean * sums[2 * j]);
        }
        const float count = (float)width * (float)places;
        first /= count;
        second /= count;
        rest[at] = -inverse * inverse * second;
        rest[at + 1] = inverse * (mean * inverse * second - first);
    }
}

// Grid (pieces, B).
extern "C" __global__ void apply_backward(const u16* x, const u16* dy, const float* coefficients,
                                          const float* rest, u16* dx, int places, int channels,
                                          int silu) {
    const Walk walk(places, channels);
    if (walk.idle) {
        return;
    }
    Eight a, b, r0, r1;
    const size_t at = 2 * ((size_t)blockIdx.y * channels + walk.channel);
    #pragma unroll
    for (int i = 0; i < 8; ++i) {
        a.v[i] = coefficients[at + 2 * i];
        b.v[i] = coefficients[at + 2 * i + 1];
        r0.v[i] = rest[at + 2 * i];
        r1.v[i] = rest[at + 2 * i + 1];
    }
    const size_t picture = (size_t)blockIdx.y * places * channels + walk.channel;
    for (int p = walk.begin + walk.row; p < walk.end; p += walk.rows) {
        const Eight in = load(x + picture + (size_t)p * channels);
        Eight out = load(dy + picture + (size_t)p * channels);
        #pragma unroll
        for (int i = 0; i < 8; ++i) {
            const float d = before(out.v[i], a.v[i] * in.v[i] + b.v[i], silu);
            out.v[i] = a.v[i] * d + r0.v[i] * in.v[i] + r1.v[i];
        }
        store(dx + picture + (size_t)p * channels, out);
    }
}
)";

} // namespace likeness
