"""Studies: experiments too long for a notebook. `gan-course study NAME` calls `run()` of the module of that name,
which writes gan_course/records/NAME.json (see `gan_course.records`).
"""
