//! A picture of counts with its title.

use yew::prelude::*;

use crate::browser::chart::Drawing;
use crate::charts::Spec;

#[derive(PartialEq, Properties)]
pub(crate) struct PictureProps {
    pub(crate) spec: Spec,
    /// The picture in a sentence, for those who don't see it.
    pub(crate) label: AttrValue,
}

/// A picture. What it shows is also in a table.
#[component]
pub(crate) fn Picture(props: &PictureProps) -> Html {
    let place = use_node_ref();
    let drawing = use_mut_ref(|| None::<Drawing>);
    use_effect_with(props.spec.clone(), {
        let (place, drawing) = (place.clone(), drawing.clone());
        move |spec| {
            let mut drawing = drawing.borrow_mut();
            if drawing.is_none() {
                *drawing = Drawing::within(&place);
            }
            if let Some(drawing) = drawing.as_ref() {
                drawing.show(spec);
            }
        }
    });
    use_effect_with((), move |()| move || drop(drawing.take()));
    html! { <div class="picture" role="img" aria-label={props.label.clone()} ref={place}></div> }
}

#[derive(PartialEq, Properties)]
pub(crate) struct ChartCardProps {
    pub(crate) title: AttrValue,
    /// What is counted, per what.
    pub(crate) unit: AttrValue,
    pub(crate) children: Html,
}

/// A picture's frame: its title and unit above it.
#[component]
pub(crate) fn ChartCard(props: &ChartCardProps) -> Html {
    html! {
        <section class="panel chart-card">
            <div class="chart-head"><h2>{ &props.title }</h2><p>{ &props.unit }</p></div>
            { props.children.clone() }
        </section>
    }
}
