#pragma once

#include "core/base/message.h"
#include "core/pipelines/sd_model.h"
#include "core/pipelines/stages.h"
#include "core/request/job_event.h"
#include "core/request/measure.h"
#include "core/request/progress.h"

#include <string>
#include <vector>

namespace likeness {

// Pictures' CLIP embeddings, each [1, projection_dim], float32 on the CPU, not normalised; of what
// the encoder looks at. A streamed encoder is read once for all.
std::vector<Tensor> embed_images(const ImageTower& tower, const std::vector<SeenPicture>& pictures,
                                 const WeightOptions& options, const BetweenLayers& between = {});

// The same of one.
Tensor embed_image(const ImageTower& tower, const Image& image, const WeightOptions& options,
                   const EncoderView& view = {});

// Whether the model's words and that encoder's pictures lie in one space: the text tower that has a
// projection, and only where it is as wide as the image encoder's (768 is CLIP's ViT-L, 1024 its
// ViT-H, 1280 bigG; the published encoders of one width belong together). Null where none does,
// with the reason in `why`.
const TextTower* text_tower_of_space(const SdModel& model, const ImageTower& tower, Message& why);

// References as the adapter sees them, pictures as a whole. The cosine between the prompt's and
// each picture's embedding where they share a space, between each reference's and each picture's
// always. Result::measurements has one row a picture.
Result measure(const SdModel& model, const ImageTower& tower, const MeasureRequest& request,
               const Progress& progress);

} // namespace likeness
