"""The seven stages by number."""

from collections.abc import Mapping
from types import MappingProxyType

from igny8_assets.stages.cluster_keywords import ClusterKeywords
from igny8_assets.stages.create_tasks import CreateTasks
from igny8_assets.stages.make_images import MakeImages
from igny8_assets.stages.plan_ideas import PlanIdeas
from igny8_assets.stages.review_gate import ReviewGate
from igny8_assets.stages.stage import Stage
from igny8_assets.stages.write_content import WriteContent
from igny8_assets.stages.write_image_prompts import WriteImagePrompts

STAGES: Mapping[int, Stage] = MappingProxyType(
    {
        stage.number: stage
        for stage in (
            ClusterKeywords(),
            PlanIdeas(),
            CreateTasks(),
            WriteContent(),
            WriteImagePrompts(),
            MakeImages(),
            ReviewGate(),
        )
    }
)
